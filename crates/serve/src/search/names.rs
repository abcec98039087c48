//! The best known names of a build in memory, as one text that is looked through, the better known first.

use std::ops::ControlFlow;

use arrow::{
    array::{Array as _, AsArray as _},
    datatypes::Int64Type,
};
use memchr::memmem::Finder;
use warehouse::{Connection, Dialect, Rows};

/// Stands behind each name, and is in none.
const END: u8 = b'\n';
/// How well a name can fit: it is the question, begins with it, has a word that does, has its words anywhere.
const N_FITS: usize = 4;

/// The names. A name goes by its place in the order of fame.
pub(crate) struct Names {
    text: Vec<u8>,
    /// Where each name begins in the text.
    starts: Vec<u32>,
    /// Where the row of each lies in `mart_search`.
    addresses: Vec<i64>,
    floor: Option<i64>,
}

impl Names {
    /// Reads the best known.
    pub(crate) fn read(
        connection: &mut dyn Connection,
        dialect: Dialect,
        most: usize,
    ) -> warehouse::Result<Self> {
        let number = |rows: &Rows, index: usize| {
            let rows = rows.json_rows();
            rows.first().and_then(|row| row.get(index)?.as_i64())
        };
        let floor =
            format!("select weight from mart_search order by weight desc limit 1 offset {most}");
        let floor = number(&connection.query(&floor, &[])?, 0);
        let known = floor.map_or("true".to_owned(), |floor| format!("weight > {floor}"));
        let size = format!(
            "select count(*), cast(coalesce(sum(bit_length(search_text)) / 8, 0) as bigint) from mart_search where {known}"
        );
        let size = connection.query(&size, &[])?;
        let count = |index: usize| {
            usize::try_from(number(&size, index).unwrap_or_default()).unwrap_or_default()
        };
        // At once: growing would take twice the memory.
        let mut names = Self {
            text: Vec::with_capacity(count(1) + count(0)),
            starts: Vec::with_capacity(count(0)),
            addresses: Vec::with_capacity(count(0)),
            floor,
        };
        let sql = format!(
            "select search_text, {} from mart_search where {known} order by weight desc, entity_kind, entity_id",
            dialect.address()
        );
        connection.stream(&sql, &[], &mut |batch| {
            let texts = batch.column(0).as_string::<i32>();
            let addresses = batch.column(1).as_primitive::<Int64Type>();
            for row in 0..texts.len() {
                names.push(texts.value(row), addresses.value(row));
            }
            ControlFlow::Continue(())
        })?;
        Ok(names)
    }

    /// The names that are not in memory are known no better than this; `None` when all are.
    pub(crate) fn floor(&self) -> Option<i64> {
        self.floor
    }

    /// A name between its bars. Beyond 4 GiB of text none is taken; all films and people there are have a fiftieth.
    fn push(&mut self, name: &str, address: i64) {
        if let Ok(start) = u32::try_from(self.text.len()) {
            self.starts.push(start);
            self.addresses.push(address);
            self.text.extend_from_slice(name.as_bytes());
            self.text.push(END);
        }
    }

    pub(crate) fn address(&self, name: usize) -> i64 {
        self.addresses[name]
    }

    /// `|amelie|le fabuleux destin|`
    pub(crate) fn name(&self, name: usize) -> &str {
        let start = self.starts[name] as usize;
        let end = self
            .starts
            .get(name + 1)
            .map_or(self.text.len(), |next| *next as usize);
        std::str::from_utf8(&self.text[start..end - 1]).unwrap_or_default()
    }

    /// The best `limit` names that have all of the words: the better fitting first, and of those the better known.
    pub(crate) fn with_words(&self, words: &[String], limit: usize) -> Vec<usize> {
        let question = Question::new(words);
        let mut found: [Vec<usize>; N_FITS] = Default::default();
        let mut at = 0;
        // With enough of the worse fits, only names that fit better are looked for, and they are rarer.
        let mut wanted = question.n_fits();
        while let Some(start) = question.next(&self.text, at, wanted) {
            let (name, end) = self.around(start);
            at = end;
            if let Some(fit) = question.fit(name).filter(|fit| *fit < wanted) {
                found[fit].push(self.place(start));
                while wanted > 0 && found[wanted - 1].len() >= limit {
                    wanted -= 1;
                }
                if wanted == 0 {
                    break;
                }
            }
        }
        let mut best = found.concat();
        best.truncate(limit);
        best
    }

    /// At most `limit` names with one of the pieces: those with the most pieces first, and of those the better known.
    pub(crate) fn with_pieces(&self, pieces: &[String], limit: usize) -> Vec<usize> {
        let mut n_pieces = vec![0_u8; self.starts.len()];
        for piece in pieces {
            let finder = Finder::new(piece);
            let (mut at, mut name) = (0, 0);
            while let Some(found) = finder.find(&self.text[at..]) {
                let start = at + found;
                while self
                    .starts
                    .get(name + 1)
                    .is_some_and(|next| *next as usize <= start)
                {
                    name += 1;
                }
                n_pieces[name] = n_pieces[name].saturating_add(1);
                at = self.around(start).1;
            }
        }
        let most = n_pieces.iter().copied().max().unwrap_or_default();
        let with = |wanted: u8| {
            let each = n_pieces.iter().enumerate();
            each.filter_map(move |(name, n)| (*n == wanted).then_some(name))
        };
        (1..=most).rev().flat_map(with).take(limit).collect()
    }

    /// The name that a place of the text is in, and where the next begins.
    fn around(&self, at: usize) -> (&[u8], usize) {
        let start = memchr::memrchr(END, &self.text[..at]).map_or(0, |end| end + 1);
        let length = memchr::memchr(END, &self.text[at..]).unwrap_or(self.text.len() - at);
        let end = at + length;
        (&self.text[start..end], end + 1)
    }

    fn place(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start as usize <= at) - 1
    }
}

/// The words of a question, ready to be looked for.
struct Question<'a> {
    words: Vec<Word<'a>>,
    /// The words one after another, as a name that fits better has them: all of it, from its beginning, from a word's.
    in_order: [Finder<'static>; 3],
    /// The longest word, which is in the fewest names.
    rarest: Finder<'a>,
}

enum Word<'a> {
    Anywhere(Box<Finder<'a>>),
    /// One or two letters are in most names, and at the beginning of a word in some.
    Beginning(Box<[Finder<'static>; 2]>),
}

impl<'a> Question<'a> {
    fn new(words: &'a [String]) -> Self {
        let joined = words.join(" ");
        let owned = |text: String| Finder::new(&text).into_owned();
        let word = |word: &'a String| {
            if word.chars().count() <= 2 {
                Word::Beginning(Box::new([
                    owned(format!("|{word}")),
                    owned(format!(" {word}")),
                ]))
            } else {
                Word::Anywhere(Box::new(Finder::new(word)))
            }
        };
        let rarest = words.iter().max_by_key(|word| word.len());
        Self {
            words: words.iter().map(word).collect(),
            in_order: [
                owned(format!("|{joined}|")),
                owned(format!("|{joined}")),
                owned(format!(" {joined}")),
            ],
            rarest: Finder::new(rarest.map_or("", String::as_str)),
        }
    }

    /// Where the next name is, from `at` on, that may fit better than `wanted`.
    fn next(&self, text: &[u8], at: usize, wanted: usize) -> Option<usize> {
        let rest = text.get(at..)?;
        let found = match wanted {
            1 => self.in_order[0].find(rest),
            2 => self.in_order[1].find(rest),
            _ => self.rarest.find(rest),
        };
        found.map(|found| at + found)
    }

    /// How well a name fits; `None` when it lacks a word.
    fn fit(&self, name: &[u8]) -> Option<usize> {
        let has = |word: &Word<'_>| match word {
            Word::Anywhere(word) => word.find(name).is_some(),
            Word::Beginning(places) => places.iter().any(|place| place.find(name).is_some()),
        };
        if !self.words.iter().all(has) {
            return None;
        }
        let fits = self
            .in_order
            .iter()
            .position(|order| order.find(name).is_some());
        Some(fits.unwrap_or(N_FITS - 1))
    }

    /// A single short word is at the beginning of a word of the name, or not in it.
    fn n_fits(&self) -> usize {
        match self.words.as_slice() {
            [Word::Beginning(_)] => N_FITS - 1,
            _ => N_FITS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    fn names(all: &[String]) -> Names {
        let mut names = Names {
            text: Vec::new(),
            starts: Vec::new(),
            addresses: Vec::new(),
            floor: None,
        };
        for (address, name) in (0..).zip(all) {
            names.push(name, address);
        }
        names
    }

    /// Names of up to four short syllables, many of them alike.
    fn many(n: u64) -> Vec<String> {
        let syllables = [
            "a", "an", "na", "tom", "han", "ks", "é", "li", "st", " ", " a", "|b",
        ];
        let name = |seed: u64| {
            let mut rest = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
            let mut name = String::from("|");
            for _ in 0..=rest % 4 {
                rest /= 4;
                name.push_str(syllables[(rest % 12) as usize]);
                rest /= 12;
            }
            name + "|"
        };
        (1..=n).map(name).collect()
    }

    /// The same by looking at each name alone.
    fn with_words(all: &[String], words: &[String], limit: usize) -> Vec<usize> {
        let joined = words.join(" ");
        let has = |name: &str, word: &String| match word.chars().count() {
            0..=2 => name.contains(&format!("|{word}")) || name.contains(&format!(" {word}")),
            _ => name.contains(word.as_str()),
        };
        let fit = |name: &str| {
            let orders = [
                format!("|{joined}|"),
                format!("|{joined}"),
                format!(" {joined}"),
            ];
            orders
                .iter()
                .position(|order| name.contains(order))
                .unwrap_or(3)
        };
        let mut found: Vec<(usize, usize)> = (0..all.len())
            .filter(|name| words.iter().all(|word| has(&all[*name], word)))
            .map(|name| (fit(&all[name]), name))
            .collect();
        found.sort_unstable();
        found
            .into_iter()
            .map(|(_, name)| name)
            .take(limit)
            .collect()
    }

    #[test]
    fn looking_through_all_at_once_finds_what_looking_at_each_does() {
        let all = many(3_000);
        let names = names(&all);
        let questions = [
            "a",
            "an",
            "tom",
            "han",
            "hanks",
            "é",
            "list",
            "na han",
            "a a",
            "tom b",
            "zzz",
            "an tom li",
        ];
        for question in questions {
            let words: Vec<String> = question.split(' ').map(str::to_owned).collect();
            for limit in [1, 7, 50, 5_000] {
                let expected = with_words(&all, &words, limit);
                assert_eq!(
                    names.with_words(&words, limit),
                    expected,
                    "{question}, {limit}"
                );
            }
        }
        assert_eq!(names.name(17), all[17]);
        assert_eq!(names.address(17), 17);
    }

    #[test]
    fn more_of_the_pieces_go_before_more_fame() {
        let all = ["|tomato|", "|hanks|", "|tom hanks|", "|li|"].map(ToOwned::to_owned);
        let pieces = ["tom", "hanks"].map(ToOwned::to_owned);
        assert_eq!(names(&all).with_pieces(&pieces, 10), [2, 0, 1]);
        assert_eq!(names(&all).with_pieces(&pieces, 2), [2, 0]);
        assert_eq!(names(&all).with_pieces(&[], 10), [0_usize; 0]);
        assert_eq!(names(&[]).with_words(&pieces, 10), [0_usize; 0]);
    }
}
