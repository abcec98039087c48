# server.sh keep <programs> <folder> <port>: makes and starts a server, waits for the end of its input, cleans up.
# server.sh control <programs> <folder> <pg_ctl arguments>
verb=$1
programs=$2
folder=$3
shift 3

# The server refuses to run as root.
ordinary() {
    if [ "$(id -u)" != 0 ]; then
        "$@"
        return
    fi
    user=postgres
    id "$user" >/dev/null 2>&1 || user=nobody
    setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups "$@"
}

control() {
    ordinary "$programs/pg_ctl" -D "$folder/data" -l "$folder/log" "$@" >/dev/null 2>&1 </dev/null
}

cd "$folder" || exit 1
case $verb in
keep)
    ordinary "$programs/initdb" -D "$folder/data" -U postgres -A trust --no-sync --encoding=UTF8 \
        --lc-collate=C --lc-ctype=C.UTF-8 >"$folder/initdb.log" 2>&1 </dev/null || {
        cat "$folder/initdb.log" >&2
        exit 1
    }
    {
        cat "$folder/settings"
        echo "port = $1"
        echo "unix_socket_directories = '$folder'"
    } >>"$folder/data/postgresql.conf"
    control -w start || {
        cat "$folder/log" >&2
        exit 1
    }
    echo started
    exec >/dev/null 2>&1
    cat
    control -m immediate stop
    cd / && rm -rf "$folder"
    ;;
control)
    control "$@"
    ;;
esac
