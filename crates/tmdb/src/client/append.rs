use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use futures::future::join_all;

use super::{Answer, Client};
use crate::Error;
use crate::raw_object::RawObject;

/// Films without an answer of their own for a block before the client takes it that this API
/// does not have the block at all.
const MISSES_BEFORE_ABANDONING: u32 = 5;

/// A part of a film that is appended to its answer, and can also be asked for on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Block {
    /// Cast and crew.
    Credits,
    /// What users tagged the film with.
    Keywords,
    /// When and how it came out in each country.
    ReleaseDates,
    /// Its ids elsewhere.
    ExternalIds,
}

impl Block {
    /// Every block that [`Client::movie`] asks for.
    pub const ALL: [Self; 4] = [
        Self::Credits,
        Self::Keywords,
        Self::ReleaseDates,
        Self::ExternalIds,
    ];

    /// The block's key in a film's body, and the last part of its own path.
    pub fn name(self) -> &'static str {
        match self {
            Self::Credits => "credits",
            Self::Keywords => "keywords",
            Self::ReleaseDates => "release_dates",
            Self::ExternalIds => "external_ids",
        }
    }
}

impl fmt::Display for Block {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// What the client has learnt about each block's own path.
#[derive(Default)]
pub(super) struct Blocks([History; 4]);

#[derive(Default)]
struct History {
    was_found: AtomicBool,
    misses: AtomicU32,
}

impl Blocks {
    pub(super) fn abandoned(&self) -> Vec<Block> {
        let is_abandoned = |block: &Block| self.is_abandoned(*block);
        Block::ALL.into_iter().filter(is_abandoned).collect()
    }

    fn is_abandoned(&self, block: Block) -> bool {
        let history = &self.0[block as usize];
        !history.was_found.load(Ordering::Relaxed)
            && history.misses.load(Ordering::Relaxed) >= MISSES_BEFORE_ABANDONING
    }

    fn learn(&self, block: Block, is_found: bool) {
        let history = &self.0[block as usize];
        if is_found {
            history.was_found.store(true, Ordering::Relaxed);
        } else {
            history.misses.fetch_add(1, Ordering::Relaxed);
        }
    }
}

pub(super) async fn movie(client: &Client, id: i64) -> Result<Answer, Error> {
    let endpoint = format!("/movie/{id}");
    let names = Block::ALL.map(Block::name).join(",");
    let mut answer = client
        .get(&endpoint, &[("append_to_response", names)])
        .await?;
    if !answer.is_found() {
        return Ok(answer);
    }
    let Ok(mut film) = RawObject::parse(&answer.body) else {
        // A list or a number is for the caller to reject, with its payload.
        return Ok(answer);
    };
    let missing: Vec<Block> = Block::ALL
        .into_iter()
        .filter(|block| is_missing(film.get(block.name())))
        .collect();
    if missing.is_empty() {
        return Ok(answer);
    }
    let fetches = missing.iter().map(|block| block_alone(client, id, *block));
    let bodies = join_all(fetches).await;
    let mut is_changed = false;
    let bodies: Vec<_> = bodies.into_iter().collect::<Result<_, _>>()?;
    for (block, body) in missing.iter().zip(&bodies) {
        if let Some(body) = body {
            film.set(block.name(), body);
            is_changed = true;
        } else {
            client.shared.counters.missed_block();
        }
    }
    if is_changed {
        answer.body = film.to_json();
    }
    Ok(answer)
}

/// An empty object is what the API appends when a block's own service is unwell.
fn is_missing(value: Option<&str>) -> bool {
    match value {
        None | Some("null") => true,
        Some(text) => RawObject::parse(text).is_ok_and(|object| object.len() == 0),
    }
}

/// The block from its own path, without the `id` that an appended one does not have.
async fn block_alone(client: &Client, id: i64, block: Block) -> Result<Option<String>, Error> {
    if client.shared.blocks.is_abandoned(block) {
        return Ok(None);
    }
    let endpoint = format!("/movie/{id}/{block}");
    let answer = match client.get(&endpoint, &[]).await {
        Ok(answer) => answer,
        // The film is worth having without a block that is out of order today.
        Err(error) if error.is_transient() => {
            tracing::warn!(
                movie.id = id,
                block = block.name(),
                "block left out: {error}"
            );
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    client.shared.blocks.learn(block, answer.is_found());
    if !answer.is_found() {
        return Ok(None);
    }
    let Ok(mut object) = RawObject::parse(&answer.body) else {
        return Ok(None);
    };
    object.remove("id");
    Ok((object.len() > 0).then(|| object.to_json()))
}
