# zsh-tab.zsh FOLDER LINE...: an interactive zsh with the completion of FOLDER, in which TAB is pressed behind each LINE. Prints what it
# showed, and what the line was then, between <BUFFER> and </BUFFER>.
zmodload zsh/zpty
folder=$1
shift
zpty shell env TERM=dumb zsh -f -i
zpty -w shell "PS1=; fpath=($folder \$fpath); autoload -Uz compinit; compinit -u -D; stty rows 1000 columns 400; LISTMAX=10000"
zpty -w shell 'tell() { print -r -- "<BUFFER>$BUFFER</BUFFER>"; BUFFER=; }; zle -N tell; bindkey "^X" tell'
zpty -w shell 'print "READ""Y"'
zpty -r shell seen '*READY*'
for line in "$@"; do
    zpty -w -n shell "$line"$'\t'
    zpty -w -n shell $'\x18'
    zpty -r shell seen '*</BUFFER>*'
    print -r -- "$seen"
done
zpty -d shell
