use strsim::normalized_damerau_levenshtein;

use super::Names;

/// How many names are compared letter by letter.
const CANDIDATES: usize = 500;
/// How alike two words must be: one slip in four letters, two in eight.
const LIKENESS: f64 = 0.74;
/// Each piece is one more look at every name.
const MAX_PIECES: usize = 8;

/// Names that are spelled nearly like the words, the most alike and best known first.
pub(super) fn near(names: &Names, words: &[String]) -> Vec<usize> {
    let mut pieces: Vec<String> = words.iter().flat_map(|word| pieces(word)).collect();
    pieces.truncate(MAX_PIECES);
    let candidates = names.with_pieces(&pieces, CANDIDATES);
    let compared = candidates
        .into_iter()
        .filter_map(|name| Some((likeness(words, names.name(name))?, name)));
    let mut ranked: Vec<(f64, usize)> = compared.collect();
    ranked.sort_by(|(one, first), (other, second)| other.total_cmp(one).then(first.cmp(second)));
    ranked.into_iter().map(|(_, name)| name).collect()
}

/// The beginning and the end of a word, with at least a letter between them: one slip, be it a letter too many, too
/// few, wrong or swapped, leaves one of them whole.
fn pieces(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let length = letters.len().saturating_sub(1) / 2;
    if length < 2 {
        return Vec::new();
    }
    let (start, end) = (&letters[..length], &letters[letters.len() - length..]);
    vec![start.iter().collect(), end.iter().collect()]
}

/// How alike the words are to those of the best fitting name; `None` when one is like none.
fn likeness(words: &[String], names: &str) -> Option<f64> {
    let of_name = |name: &str| {
        let each = words.iter().map(|word| {
            let likenesses = name.split(' ').map(|other| word_likeness(word, other));
            likenesses.fold(0.0, f64::max)
        });
        let each: Vec<f64> = each.collect();
        let is_like = each.iter().all(|likeness| *likeness >= LIKENESS);
        is_like.then(|| each.iter().sum::<f64>() / each.len() as f64)
    };
    names.split('|').filter_map(of_name).max_by(f64::total_cmp)
}

/// Of a whole word, or of its beginning for who still types.
fn word_likeness(word: &str, other: &str) -> f64 {
    let beginning: String = other.chars().take(word.chars().count()).collect();
    let whole = normalized_damerau_levenshtein(word, other);
    // A beginning is a little less than the word.
    whole.max(normalized_damerau_levenshtein(word, &beginning) - 0.01)
}

#[cfg(test)]
mod tests {
    use super::{likeness, pieces};

    #[test]
    fn one_slip_leaves_a_piece_whole() {
        for word in ["hanks", "kubrick", "schindler", "tarkovsky", "łódźkić"] {
            let letters: Vec<char> = word.chars().collect();
            for index in 0..letters.len() {
                let mut dropped = letters.clone();
                dropped.remove(index);
                let mut wrong = letters.clone();
                wrong[index] = 'x';
                let mut swapped = letters.clone();
                swapped.swap(index, (index + 1).min(letters.len() - 1));
                let mut doubled = letters.clone();
                doubled.insert(index, letters[index]);
                for slip in [dropped, wrong, swapped, doubled] {
                    let typed: String = slip.iter().collect();
                    let kept = pieces(&typed).iter().any(|piece| word.contains(piece));
                    // Of four letters, one at either end is too little to go by.
                    assert!(kept || slip.len() < 5, "{typed} for {word}");
                }
            }
        }
    }

    #[test]
    fn all_words_must_be_like_one_name() {
        let words = |text: &str| text.split(' ').map(ToOwned::to_owned).collect::<Vec<_>>();
        assert!(likeness(&words("shindlers lst"), "|schindlers list|").is_some());
        assert!(likeness(&words("shindlers"), "|schindlers list|").is_some());
        assert!(likeness(&words("schindlers park"), "|schindlers list|jurassic park|").is_none());
        assert!(likeness(&words("zzzz"), "|schindlers list|").is_none());
    }
}
