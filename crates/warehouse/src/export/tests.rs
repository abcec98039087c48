use super::*;
use crate::{DuckDb, Settings, Warehouse as _};

fn written(sql: &str, format: Format) -> (Vec<u8>, u64) {
    let mut output = Vec::new();
    let mut connection = DuckDb::in_memory(&Settings::default())
        .unwrap()
        .connect()
        .unwrap();
    let n_rows = write(&mut *connection, sql, &[], format, &mut output).unwrap();
    (output, n_rows)
}

fn text(sql: &str, format: Format) -> String {
    String::from_utf8(written(sql, format).0).unwrap()
}

const ROWS: &str = "select * from (values
    (1, 'it''s \"x\"' || chr(10) || 'y, z', [{'a': 1, 'b': 'ü'}], 0.1::double, date '2024-02-29', 10::hugeint),
    (2, null, [], 'nan'::double, null, null),
    (3, '', null, 1e21::double, null, null)) as t(id, title, \"cast\", roi, day, total)";

#[test]
fn csv_survives_quotes_and_newlines() {
    assert_eq!(
        text(ROWS, Format::Csv),
        "id,title,cast,roi,day,total\n\
         1,\"it's \"\"x\"\"\ny, z\",\"[{\"\"a\"\":1,\"\"b\"\":\"\"ü\"\"}]\",0.1,2024-02-29,10\n\
         2,,[],,,\n\
         3,,,1e+21,,\n",
    );
}

#[test]
fn json_is_one_object_a_line_or_one_array() {
    let objects = [
        r#"{"id":1,"title":"it's \"x\"\ny, z","cast":[{"a":1,"b":"ü"}],"roi":0.1,"day":"2024-02-29","total":10}"#,
        r#"{"id":2,"title":null,"cast":[],"roi":null,"day":null,"total":null}"#,
        r#"{"id":3,"title":"","cast":null,"roi":1e+21,"day":null,"total":null}"#,
    ];
    assert_eq!(
        text(ROWS, Format::Json),
        objects.map(|object| format!("{object}\n")).concat()
    );
    assert_eq!(
        text(ROWS, Format::JsonArray),
        format!("[\n{}\n]\n", objects.join(",\n"))
    );
}

#[test]
fn parquet_is_read_back_equal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.parquet");
    let sql = "select i, [i, null] as l, {'x': i::varchar} as s, 'b'::enum('a', 'b') as e, i::decimal(9, 2) as d,
        timestamp '2024-01-01' + to_microseconds(i) as t from range(300000) as r(i)";
    let (bytes, n_rows) = written(sql, Format::Parquet);
    assert_eq!(n_rows, 300_000);
    fs_err::write(&path, bytes).unwrap();
    let mut connection = DuckDb::in_memory(&Settings::default())
        .unwrap()
        .connect()
        .unwrap();
    let read = format!("select * from read_parquet('{}')", path.display());
    let different = format!(
        "select count(*) from ((({sql}) except all ({read})) union all (({read}) except all ({sql})))"
    );
    assert_eq!(
        connection.query(&different, &[]).unwrap().json_rows(),
        [[serde_json::json!(0)]]
    );
}

#[test]
fn an_empty_result_keeps_its_shape_in_every_format() {
    let sql = "select 1 as a, [1] as b where false";
    assert_eq!(text(sql, Format::Csv), "a,b\n");
    assert_eq!(text(sql, Format::Json), "");
    assert_eq!(text(sql, Format::JsonArray), "[\n]\n");
    assert_eq!(
        text(sql, Format::Table),
        "+---+---+\n| a | b |\n+---+---+\n+---+---+\n"
    );
    assert_eq!(&written(sql, Format::Parquet).0[..4], b"PAR1");
}

#[test]
fn tables_are_drawn_for_people() {
    let drawn = "+----+---+-----+\n| id | x | y   |\n+----+---+-----+\n| 1  | · | [1] |\n+----+---+-----+\n";
    assert_eq!(
        text(
            "select 1 as id, null::integer as x, [1] as y",
            Format::Table
        ),
        drawn
    );
}

#[test]
fn output_that_nobody_reads_any_more_is_told_apart() {
    struct Gone;
    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut connection = DuckDb::in_memory(&Settings::default())
        .unwrap()
        .connect()
        .unwrap();
    for format in [
        Format::Table,
        Format::Csv,
        Format::Json,
        Format::JsonArray,
        Format::Parquet,
    ] {
        let error = write(&mut *connection, "select 1 as x", &[], format, &mut Gone).unwrap_err();
        assert!(error.is_broken_pipe(), "{format:?}: {error}");
    }
}

#[test]
fn a_parquet_file_carries_its_notes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.parquet");
    let mut connection = DuckDb::in_memory(&Settings::default())
        .unwrap()
        .connect()
        .unwrap();
    let rows = connection
        .query("select i, 'ü' as t from range(3) as r(i)", &[])
        .unwrap();
    let notes = [("title", "Films — all".to_owned()), ("n", "3".to_owned())];
    fs_err::write(&path, parquet(&rows, &notes).unwrap()).unwrap();
    let mut read = |what: &str| {
        let sql = format!("select {what}('{}') order by 1", path.display());
        connection.query(&sql, &[]).unwrap().json_rows()
    };
    assert_eq!(read("count(*) from read_parquet"), [[serde_json::json!(3)]]);
    let notes = read("decode(key) || ': ' || decode(value) from parquet_kv_metadata");
    assert!(
        notes.contains(&vec!["title: Films — all".into()]),
        "{notes:?}"
    );
    assert!(notes.contains(&vec!["n: 3".into()]), "{notes:?}");
}
