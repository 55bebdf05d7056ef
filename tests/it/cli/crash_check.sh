# What a directory holds after a save was cut short: prints OLD, NEW or what is wrong.
# Arguments: program, directory, verb. The directory holds home and vault; old and new are the lists before and after.
sesam=$1 d=$2 verb=$3
say() { HOME=$d XDG_CONFIG_HOME=$d/config XDG_DATA_HOME=$d/data XDG_STATE_HOME=$d/state "$sesam" "$@" 2>"$d/said"; }
bad() { echo "BAD $*: $(tail -1 "$d/said")"; exit 1; }
content() { say --passphrase-file "$d/$1" list --sort name --fields name,tags,note,counter; }
# One may stay for ten minutes: it may belong to another process.
leftovers() { [ "$(find "$d" -name '*.tmp' | wc -l)" -le 1 ] || { : >"$d/said"; bad "temporary files: $(find "$d" -name '*.tmp' | tr '\n' ' ')"; }; }

case $verb in
create)
    content passphrase >"$d/now"
    case $? in
    0) state=NEW ;;
    3) state=OLD; say --passphrase-file "$d/passphrase" vault create || bad "create again" ;;
    *) bad "after create" ;;
    esac ;;
passwd)
    if content passphrase >"$d/now"; then state=OLD; pass=passphrase
    elif content new-passphrase >"$d/now"; then state=NEW; pass=new-passphrase
    else bad "neither passphrase opens"; fi
    cmp -s "$d/now" "$d/old" || bad "other accounts"
    say --passphrase-file "$d/$pass" add Next --generate || bad "next add" ;;
rekey)
    content passphrase >"$d/now" || bad "it does not open"
    cmp -s "$d/now" "$d/old" || bad "other accounts"
    state=NEW
    say --passphrase-file "$d/passphrase" doctor vault >"$d/doctor"
    grep -q "not finished" "$d/doctor" && state=OLD
    age -d -i "$d/old-key" "$d/data/sesam/vault.age" >"$d/plain" 2>/dev/null && state=OLD
    say --passphrase-file "$d/passphrase" vault rekey --yes || bad "rekey again" ;;
restore)
    content passphrase >"$d/now"
    case $? in
    0) state=NEW; cmp -s "$d/now" "$d/new" || bad "other accounts" ;;
    10) state=OLD; say --passphrase-file "$d/passphrase" vault restore || bad "restore again" ;;
    *) bad "after restore" ;;
    esac ;;
backup)
    content passphrase >"$d/now" || bad "it does not open"
    cmp -s "$d/now" "$d/old" || bad "other accounts"
    state=OLD
    if [ -e "$d/copy/vault.age" ]; then
        say --passphrase-file "$d/passphrase" list --vault "$d/copy" >/dev/null || bad "the copy does not open"
        state=NEW
    fi
    say --passphrase-file "$d/passphrase" vault backup --force "$d/copy" || bad "backup again" ;;
*)
    content passphrase >"$d/now" || bad "it does not open"
    if cmp -s "$d/now" "$d/new"; then state=NEW
    elif cmp -s "$d/now" "$d/old"; then state=OLD
    else bad "a third state: $(tr '\n' '|' <"$d/now")"; fi
    say --passphrase-file "$d/passphrase" add Next --generate || bad "next add" ;;
esac
pass=${pass:-passphrase}
content "$pass" >/dev/null || bad "after the next change"
say --passphrase-file "$d/$pass" vault verify >/dev/null || bad "backups"
leftovers
echo $state
