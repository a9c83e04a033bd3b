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
        body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI","Hiragino Sans","Noto Sans CJK JP","Noto Sans JP",sans-serif;overflow-wrap:anywhere}
        :lang(ja){line-break:strict;word-break:auto-phrase}
        main{max-width:1120px;margin:0 auto;padding:18px 20px 48px}
        h1{font-size:1.6rem;line-height:1.25;margin:0}
        h2{font-size:1.1rem;line-height:1.3;margin:0 0 .3em}
        h3{font-size:1rem;margin:0}
        p{margin:.3em 0}
        ul{margin:.3em 0;padding-left:1.3em}
        section,.more{margin-top:1.6em}
        section>p,section>ul,.questions details{max-width:90ch}
        .read{color:var(--soft);font-size:.9rem;margin:.1em 0 0}
        a{color:var(--c0)}
        a:focus-visible,summary:focus-visible{outline:2px solid var(--c0);outline-offset:2px}
        summary{cursor:pointer}
        code,.code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono","Noto Sans Mono CJK JP",monospace;font-size:.92em;word-break:normal}
        .whole{white-space:nowrap}
        .unseen{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden;white-space:nowrap}
        .troubles{margin-top:.8em;border:2px solid var(--ban);border-radius:6px;padding:.5em .9em}
        .troubles h2{color:var(--ban)}
        .troubles summary{font-weight:600}
        .answer{display:grid;grid-template-columns:minmax(0,1fr) 280px;gap:0 28px;margin-top:.9em}
        .answer section{margin:0 0 .8em}
        .answer .short,.answer .todo{grid-column:1}
        .answer:not(:has(.tiles)){display:block}
        .short{font-size:1.03rem}
        .short h2,.todo h2{font-size:.85rem;letter-spacing:.06em;color:var(--soft)}
        .todo{background:var(--card);border-left:4px solid var(--c0);border-radius:0 6px 6px 0;padding:.6em .9em}
        .todo ul{list-style:none;margin:0;padding:0}
        .todo li{margin:.25em 0}
        .todo .step{padding-left:1.5em;text-indent:-1.5em}
        .typed{display:grid;grid-template-columns:minmax(15em,max-content) 1fr;gap:0 1em;align-items:baseline}
        .typed code{background:var(--bg);border:1px solid var(--line);border-radius:4px;padding:.1em .5em;-webkit-user-select:all;user-select:all}
        .tiles{grid-column:2;grid-row:1/span 2;display:grid;grid-template-columns:1fr 1fr;gap:10px;align-content:start}
        .tile{display:grid;grid-template-columns:auto 1fr;align-items:center;gap:0 .5em;padding:.5em .8em;border:1px solid var(--line);border-radius:6px;background:var(--card);color:var(--ink);text-decoration:none}
        .tile b{font-size:1.5rem;line-height:1.2;text-align:right}
        .tile span{grid-column:1/-1}
        .tile .swatch{width:22px;height:22px}
        a.tile:hover{border-color:var(--c0)}
        .tile.none{color:var(--soft)}
        main:has(#ban:target) a[href="#ban"],main:has(#protect:target) a[href="#protect"],main:has(#watch:target) a[href="#watch"],main:has(#ignore:target) a[href="#ignore"]{border-color:var(--c0);box-shadow:inset 0 0 0 1px var(--c0)}
        main:has(.clients:target) .clients:not(:target){display:none}
        .clients{scroll-margin-top:55vh}
        .all{display:none;font-size:.9rem;font-weight:400;margin-left:.6em}
        .clients:target .all{display:inline}
        .first{display:flex;flex-direction:column}
        .first.long>.timeline{order:1}
        .first>*{margin:.9em 0 0}
        figure{margin:0 0 1.6em}
        figcaption{display:flex;flex-wrap:wrap;gap:0 .8em;align-items:baseline;color:var(--soft);font-size:.88rem}
        figcaption h2,figcaption h3{color:var(--ink);margin:0}
        .plot{overflow-x:auto}
        .plot:focus-visible{outline:2px solid var(--c0);outline-offset:2px}
        .plot svg{display:block;width:100%;min-width:680px;height:auto}
        .plot text{fill:var(--soft);font:12px system-ui,-apple-system,"Segoe UI","Hiragino Sans","Noto Sans CJK JP",sans-serif}
        .plot text.addr{fill:var(--ink);font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace}
        .plot text.value{fill:var(--ink)}
        .grid{stroke:var(--line);stroke-width:1}.axis{stroke:var(--soft);stroke-width:1}
        .plot rect.bar{stroke:var(--bg);stroke-width:.8}
        .gap{fill:var(--bg)}.other{fill:var(--other)}.patterns{position:absolute}
        .legend{display:flex;flex-wrap:wrap;gap:.1em 1.1em;margin:.2em 0 0;padding:0;list-style:none;font-size:.88rem}
        .swatch{vertical-align:-2px;margin-right:.4em;flex:none}
        .tile .swatch{margin:0}
        .soft{color:var(--soft);font-size:.92em}
        .clients h2{border-bottom:2px solid currentColor;padding-bottom:.15em}
        .ban h2{color:var(--ban)}.watch h2{color:var(--watch)}.protect h2{color:var(--protect)}.ignore h2{color:var(--ignore)}
        table{border-collapse:collapse;width:100%;table-layout:fixed}
        th,td{text-align:left;vertical-align:top;padding:.32em .7em .32em 0;border-bottom:1px solid var(--line);font-weight:400}
        thead th{color:var(--soft);font-size:.88rem;font-family:inherit}
        .who{width:26%}.often{width:9%}.name{width:25%}
        td.often,th.often{text-align:right;padding-right:1.6em}
        tbody .who{font-weight:600}
        .rest{margin-top:.5em}
        .rest>summary{color:var(--c0)}
        .facts{margin:.3em 0 .5em;font-size:.92em}
        .facts div{display:grid;grid-template-columns:6.5em 1fr;gap:.8em}
        .facts dt{color:var(--soft)}.facts dd{margin:0}
        .questions details,.more{border-top:1px solid var(--line);padding:.35em 0}
        .questions details>summary{font-weight:600}
        .more>summary h2{display:inline}
        .more>figure,.more>dl{margin-top:1em}
        dl.glossary{display:grid;grid-template-columns:max-content 1fr;gap:.25em 1.2em}
        dl.glossary dt{font-weight:600}dl.glossary dd{margin:0}
        .todo details{margin-top:.35em}
        .todo ul:empty{display:none}
        @media (min-width:761px){
        details.wide::details-content{content-visibility:visible;block-size:auto}
        details.wide>summary{list-style:none;cursor:auto;pointer-events:none}
        }
        @media (max-width:760px){
        body{font-size:14px;line-height:1.45}
        main{padding:10px 12px 40px}
        h1{font-size:1.25rem}
        h2{font-size:1rem}
        .read{font-size:.8rem}
        .answer{display:block;margin-top:.5em}
        .short{font-size:.95rem}
        .todo{padding:.4em .7em}
        .typed{display:block}
        .tiles{grid-template-columns:repeat(4,1fr);gap:6px}
        .tile{display:block;padding:.25em .2em;text-align:center;font-size:.8rem;line-height:1.3}
        .tile b{font-size:1.1rem}
        .tile .swatch{width:12px;height:12px;margin-right:.3em;vertical-align:-1px}
        .tile span{display:block}
        .clients{scroll-margin-top:.5em}
        .first>.timeline{order:1}
        .first>*{margin-top:.6em}
        .troubles{margin-top:.5em;padding:.3em .7em}
        .clients thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
        table,tbody{display:block}
        tbody tr{display:grid;grid-template-columns:1fr max-content;border-bottom:1px solid var(--line);padding:.25em 0}
        tbody th,tbody td{border:0;padding:0;width:auto!important}
        tbody .often{padding:0;text-align:right;color:var(--soft)}
        tbody .often::before{content:attr(data-label) " "}
        tbody .did{grid-column:1/-1}
        tbody .name{display:none}
        dl.glossary{display:block}dl.glossary dd{margin:0 0 .5em}
        }
        @media print{.plot{overflow:visible}tr,figure{break-inside:avoid}details::details-content{content-visibility:visible}}

        """;
}
