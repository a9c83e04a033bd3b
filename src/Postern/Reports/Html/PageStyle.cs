namespace Postern.Reports.Html;

/// <summary>The page's style. Text has a contrast of at least 4.5 to its ground, shapes of at least 3, in light and in dark.</summary>
internal static class PageStyle
{
    /// <summary>All of it, but for the behaviours' looks.</summary>
    public const string Css = """
        :root{color-scheme:light dark;--bg:#fff;--card:#f6f7f9;--ink:#1b1f24;--soft:#555d66;--line:#d5d9de;
        --c0:#0072b2;--c1:#c4500a;--c2:#00795c;--c3:#a84a8f;--c4:#8a6500;--c5:#2f86bd;--c6:#6b3fa0;--c7:#b3273d;--other:#777f88;
        --ban:#a5121f;--watch:#7a5200;--protect:#116637;--ignore:#555d66}
        @media (prefers-color-scheme:dark){:root{--bg:#14171b;--card:#1d2127;--ink:#e6e9ed;--soft:#a7b0ba;--line:#3a414a;
        --c0:#56b4e9;--c1:#ff8c4d;--c2:#2cc79c;--c3:#e59acd;--c4:#e8be4c;--c5:#9ad3f5;--c6:#b79bee;--c7:#f4798a;--other:#98a1ab;
        --ban:#ff8a8f;--watch:#f0c060;--protect:#6cd59a;--ignore:#a7b0ba}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI","Hiragino Sans","Noto Sans CJK JP","Noto Sans JP",sans-serif}
        main{max-width:1120px;margin:0 auto;padding:24px 20px 48px}
        h1{font-size:1.6rem;line-height:1.25;margin:0 0 .5em}
        h2{font-size:1.2rem;margin:2em 0 .6em;padding-bottom:.2em;border-bottom:1px solid var(--line)}
        h3{font-size:1rem;margin:1.1em 0 .2em}
        p{margin:.3em 0}
        ul{margin:.3em 0;padding-left:1.3em}
        .summary p,.summary li{max-width:75ch}
        .read{display:grid;grid-template-columns:max-content 1fr;gap:.1em 1em;margin:0;color:var(--soft)}
        .read dt{font-weight:600}.read dd{margin:0}
        code,.code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Noto Sans Mono CJK JP",monospace;font-size:.92em;overflow-wrap:anywhere}
        figure{margin:0 0 1.6em}
        figcaption{color:var(--soft);font-size:.9rem;margin:.2em 0 .5em}
        .plot{overflow-x:auto}
        .plot:focus-visible{outline:2px solid var(--c0);outline-offset:2px}
        .plot svg{display:block;width:100%;min-width:680px;height:auto}
        .plot text{fill:var(--soft);font:12px system-ui,-apple-system,"Segoe UI","Hiragino Sans","Noto Sans CJK JP",sans-serif}
        .plot text.addr{fill:var(--ink);font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
        .plot text.value{fill:var(--ink)}
        .grid{stroke:var(--line);stroke-width:1}.axis{stroke:var(--soft);stroke-width:1}
        .plot rect.bar{stroke:var(--bg);stroke-width:.8}
        .gap{fill:var(--bg)}.other{fill:var(--other)}.patterns{position:absolute}
        .legend{display:flex;flex-wrap:wrap;gap:.2em 1.1em;margin:.3em 0;padding:0;list-style:none;font-size:.88rem}
        .swatch{vertical-align:-2px;margin-right:.4em;flex:none}
        table{border-collapse:collapse;width:100%;font-size:.93rem}
        th,td{text-align:left;vertical-align:top;padding:.6em .7em;border-bottom:1px solid var(--line)}
        thead th{color:var(--soft);font-weight:600;border-bottom:2px solid var(--line);white-space:nowrap}
        td p{margin:0 0 .35em}
        td ul{list-style:none;padding:0;margin:0}
        .soft{color:var(--soft);font-size:.92em}
        .clients td:nth-child(1){width:25%}.clients td:nth-child(2){width:15%}.clients td:nth-child(3){width:15%}.clients td:nth-child(4){width:25%}
        td .code{font-size:.84rem}
        .verdict{display:inline-block;font-weight:700;border:1.5px solid currentColor;border-radius:4px;padding:0 .5em}
        .ban{color:var(--ban)}.watch{color:var(--watch)}.protect{color:var(--protect)}.ignore{color:var(--ignore)}
        dl.glossary{display:grid;grid-template-columns:max-content 1fr;gap:.25em 1.2em;margin:0}
        dl.glossary dt{font-weight:600}dl.glossary dd{margin:0}
        .hint{margin-top:2em;padding:.8em 1em;background:var(--card);border-left:4px solid var(--c0)}
        @media (max-width:760px){
        main{padding:16px 12px 40px}
        table.clients,table.clients tbody,table.clients tr,table.clients td{display:block;width:auto!important}
        table.clients thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
        table.clients tr{background:var(--card);border:1px solid var(--line);border-radius:6px;margin-bottom:12px;padding:6px 10px}
        table.clients td{border:0;padding:.3em 0}
        table.clients td:not(:first-child)::before{content:attr(data-label);display:block;color:var(--soft);font-size:.82rem;font-weight:600}
        dl.glossary,.read{display:block}dl.glossary dd,.read dd{margin:0 0 .5em}
        }
        @media print{.plot{overflow:visible}tr,figure{break-inside:avoid}}

        """;
}
