//! CSV as Python's `csv` reads it: a blank line is a record without fields, quotes inside a field are text.

/// Where the reader is in a record.
#[derive(Clone, Copy, PartialEq)]
enum At {
    FieldStart,
    Field,
    Quoted,
    /// After a quote inside quotes: the end, or the first of two.
    Quote,
}

/// The records of a text; line ends become `\n`, as when Python opens a file.
pub(super) fn read(text: &str, delimiter: char) -> Vec<Vec<String>> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let (mut records, mut record, mut field) = (Vec::new(), Vec::new(), String::new());
    let (mut at, mut is_blank) = (At::FieldStart, true);
    for c in text.chars() {
        match (at, c) {
            (At::Quoted, '"') => at = At::Quote,
            (At::Quoted, c) => field.push(c),
            (_, '\n') => {
                if !is_blank {
                    record.push(std::mem::take(&mut field));
                }
                records.push(std::mem::take(&mut record));
                (at, is_blank) = (At::FieldStart, true);
                continue;
            }
            (_, c) if c == delimiter => {
                record.push(std::mem::take(&mut field));
                at = At::FieldStart;
            }
            (At::FieldStart, '"') => at = At::Quoted,
            (At::Quote, '"') => {
                field.push('"');
                at = At::Quoted;
            }
            (_, c) => {
                field.push(c);
                at = At::Field;
            }
        }
        is_blank = false;
    }
    if !is_blank {
        record.push(field);
        records.push(record);
    }
    records
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn records_are_pythons() {
        let text = "a,b\r\n\"x, \"\"y\"\"\",\n\nplain \"quote\",\"line\nbreak\"\n1\n\"\"\n,";
        let expected: [&[&str]; 7] = [
            &["a", "b"],
            &["x, \"y\"", ""],
            &[],
            &["plain \"quote\"", "line\nbreak"],
            &["1"],
            &[""],
            &["", ""],
        ];
        assert_eq!(read(text, ','), expected);
        assert_eq!(read("a;b", ';'), [["a", "b"]]);
        assert!(read("", ',').is_empty());
    }
}
