use std::collections::HashSet;

use chrono::NaiveDate;
use futures::{StreamExt as _, stream::FuturesUnordered};
use lake::{DayWriter, Kind, Lake, Observation, Writer, Written};
use tmdb::{Answer, Client, UnknownKeys};

use crate::{
    interrupt::Interrupt,
    printer::{Printer, Progress},
};

/// So many failures in a row are an outage rather than bad luck.
const FAILURES_IN_A_ROW: u32 = 25;

/// What is fetched by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Thing {
    Movie,
    Person,
}

impl Thing {
    pub(crate) fn kind(self) -> Kind {
        match self {
            Self::Movie => Kind::Movies,
            Self::Person => Kind::People,
        }
    }
}

/// What became of the things of one kind.
#[derive(Debug, Clone, Copy, Default, serde::Serialize)]
pub(crate) struct Counts {
    /// Fetched and kept, tombstones and quarantined bodies included.
    pub(crate) fetched: u64,
    /// In the lake already, and young enough.
    pub(crate) fresh: u64,
    /// The API no longer has them: tombstones.
    pub(crate) gone: u64,
    /// Could not be decoded: kept in quarantine.
    pub(crate) quarantined: u64,
    /// Failed after every retry; the next run asks again.
    pub(crate) failed: u64,
}

/// Asks for things, some at a time, and appends what comes to the lake.
pub(crate) struct Fetcher {
    client: Client,
    writer: Writer,
    in_flight: usize,
    interrupt: Interrupt,
    printer: Printer,
    movies: Counts,
    people: Counts,
    lists: Counts,
    failures_in_a_row: u32,
    /// Of films and of people.
    unknown_keys: (UnknownKeys, UnknownKeys),
    /// What this run has asked for in vain, which another way of it need not do again.
    in_vain: HashSet<(Kind, i64)>,
    expected: Option<u64>,
    /// What was written past the journal.
    pub(super) exported: Written,
}

impl Fetcher {
    pub(crate) fn new(
        client: Client,
        lake: &Lake,
        run_id: &str,
        in_flight: usize,
        interrupt: Interrupt,
        printer: Printer,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            client,
            writer: lake.writer(run_id, lake::WriterOptions::default())?,
            in_flight,
            interrupt,
            printer,
            movies: Counts::default(),
            people: Counts::default(),
            lists: Counts::default(),
            failures_in_a_row: 0,
            unknown_keys: Default::default(),
            in_vain: HashSet::new(),
            expected: None,
            exported: Written::default(),
        })
    }

    /// Films, people, lists.
    pub(crate) fn counts(&self) -> (Counts, Counts, Counts) {
        (self.movies, self.people, self.lists)
    }

    /// Those of one sort so far.
    pub(crate) fn of(&self, thing: Thing) -> Counts {
        match thing {
            Thing::Movie => self.movies,
            Thing::Person => self.people,
        }
    }

    pub(crate) fn is_interrupted(&self) -> bool {
        self.interrupt.is_raised()
    }

    /// How many things the next stage will look at, for its progress bar.
    pub(crate) fn expect(&mut self, total: u64) {
        self.expected = Some(total);
    }

    /// Turns the journal so far into parts, so that they can be queried.
    pub(crate) async fn roll(&mut self) -> anyhow::Result<()> {
        Ok(self.writer.roll().await?)
    }

    /// Begins a day's export.
    pub(crate) fn day(&self, kind: Kind, day: NaiveDate) -> DayWriter {
        self.writer.day(kind, day)
    }

    pub(crate) fn interrupt(&self) -> Interrupt {
        self.interrupt.clone()
    }

    /// Keys that bodies held and nothing here knows: the raw table with the path, and how often.
    pub(crate) fn unknown_keys(&self) -> Vec<(String, u64)> {
        let of = |kind: Kind, keys: &UnknownKeys| -> Vec<_> {
            let named = keys
                .iter()
                .map(|(path, n)| (format!("{}.{path}", kind.name()), n));
            named.collect()
        };
        let (movies, people) = &self.unknown_keys;
        [of(Kind::Movies, movies), of(Kind::People, people)].concat()
    }

    /// Turns the rest of the journal into parts.
    pub(crate) async fn finish(self) -> anyhow::Result<Written> {
        let mut written = self.writer.finish().await?;
        written.add(self.exported);
        Ok(written)
    }

    /// Fetches one reference list unless it is fresh.
    pub(crate) async fn list(&mut self, kind: Kind, is_fresh: bool) -> anyhow::Result<()> {
        if is_fresh || self.is_interrupted() {
            self.lists.fresh += u64::from(is_fresh);
            return Ok(());
        }
        let answer = match kind {
            Kind::Genres => self.client.genres().await,
            Kind::Countries => self.client.countries().await,
            Kind::Languages => self.client.languages().await,
            Kind::Jobs => self.client.jobs().await,
            _ => self.client.configuration().await,
        }?;
        let rejected = match kind {
            Kind::Genres => tmdb::decode_genres(&answer.body).err(),
            Kind::Countries => tmdb::decode_countries(&answer.body).err(),
            Kind::Languages => tmdb::decode_languages(&answer.body).err(),
            Kind::Jobs => tmdb::decode_jobs(&answer.body).err(),
            _ => tmdb::decode_configuration(&answer.body).err(),
        };
        self.append(kind, 0, answer, rejected.map(|error| error.to_string()))
            .await
    }

    /// Adds an observation that no answer made.
    pub(crate) async fn note(&mut self, observation: Observation) -> anyhow::Result<()> {
        Ok(self.writer.append(observation).await?)
    }

    /// Notes that nobody has to ask for so many things. Several ways find the same ones, so they are not added up.
    pub(crate) fn are_fresh(&mut self, thing: Thing, n: u64) {
        let counts = self.counts_of(thing.kind());
        counts.fresh = counts.fresh.max(n);
    }

    /// Fetches what is listed.
    pub(crate) async fn each(&mut self, thing: Thing, mut ids: Vec<i64>) -> anyhow::Result<()> {
        ids.retain(|id| !self.in_vain.contains(&(thing.kind(), *id)));
        if ids.is_empty() {
            return Ok(());
        }
        self.expect(ids.len() as u64);
        let mut ids = ids.into_iter();
        self.all(thing, |_| false, async || ids.next().map(Ok))
            .await
    }

    /// Fetches everything `next` names that is not fresh, until it names no more or somebody interrupts.
    pub(crate) async fn all(
        &mut self,
        thing: Thing,
        is_fresh: impl Fn(i64) -> bool,
        next: impl AsyncFnMut() -> Option<Result<i64, tmdb::Error>>,
    ) -> anyhow::Result<()> {
        let progress = self.progress(thing);
        let outcome = self.drain(thing, is_fresh, next, &progress).await;
        progress.finish();
        outcome
    }

    /// A bar for as many things as were said to be expected.
    pub(crate) fn progress(&mut self, thing: Thing) -> Progress {
        let progress = self.printer.progress(match thing {
            Thing::Movie => "films",
            Thing::Person => "people",
        });
        if let Some(total) = self.expected.take() {
            progress.expect(total);
        }
        progress
    }

    /// Does the same under a bar that is there. When it returns, all that `next` named is settled; after an error
    /// nothing more is asked for, but what is under way still lands.
    pub(crate) async fn drain(
        &mut self,
        thing: Thing,
        is_fresh: impl Fn(i64) -> bool,
        mut next: impl AsyncFnMut() -> Option<Result<i64, tmdb::Error>>,
        progress: &Progress,
    ) -> anyhow::Result<()> {
        let interrupt = self.interrupt.clone();
        let mut under_way = FuturesUnordered::new();
        let mut has_more = true;
        let mut outcome = Ok(());
        loop {
            let has_work = has_more && outcome.is_ok() && !interrupt.is_raised();
            if !has_work && under_way.is_empty() {
                return outcome;
            }
            let wants_more = has_work && under_way.len() < self.in_flight;
            tokio::select! {
                biased;
                Some((id, answer)) = under_way.next(), if !under_way.is_empty() => {
                    progress.advance();
                    let settled = self.settle(thing, id, answer).await;
                    outcome = outcome.and(settled);
                }
                named = next(), if wants_more => match named {
                    None => has_more = false,
                    Some(Err(error)) => outcome = Err(error.into()),
                    Some(Ok(id)) if is_fresh(id) => {
                        progress.advance();
                        self.counts_of(thing.kind()).fresh += 1;
                    }
                    Some(Ok(id)) => {
                        let client = self.client.clone();
                        under_way.push(async move {
                            let answer = match thing {
                                Thing::Movie => client.movie(id).await,
                                Thing::Person => client.person(id).await,
                            };
                            (id, answer)
                        });
                    }
                },
                () = interrupt.raised(), if has_work => {}
            }
        }
    }

    async fn settle(
        &mut self,
        thing: Thing,
        id: i64,
        answer: Result<Answer, tmdb::Error>,
    ) -> anyhow::Result<()> {
        let answer = match answer {
            Ok(answer) => answer,
            Err(
                error @ (tmdb::Error::Unauthorized { .. }
                | tmdb::Error::Credential
                | tmdb::Error::OverLimit),
            ) => {
                return Err(error.into());
            }
            Err(error) => {
                tracing::warn!(%error, id, "not fetched; the next run asks again");
                self.counts_of(thing.kind()).failed += 1;
                self.in_vain.insert((thing.kind(), id));
                self.failures_in_a_row += 1;
                if self.failures_in_a_row >= FAILURES_IN_A_ROW {
                    return Err(error.into());
                }
                return Ok(());
            }
        };
        self.failures_in_a_row = 0;
        let rejected = match thing {
            _ if !answer.is_found() => None,
            Thing::Movie => tmdb::inspect_movie(&answer.body, &mut self.unknown_keys.0).err(),
            Thing::Person => tmdb::inspect_person(&answer.body, &mut self.unknown_keys.1).err(),
        };
        if rejected.is_some() {
            self.in_vain.insert((thing.kind(), id));
        }
        self.append(
            thing.kind(),
            id,
            answer,
            rejected.map(|error| error.to_string()),
        )
        .await
    }

    async fn append(
        &mut self,
        kind: Kind,
        id: i64,
        answer: Answer,
        rejected: Option<String>,
    ) -> anyhow::Result<()> {
        let counts = self.counts_of(kind);
        counts.fetched += 1;
        counts.gone += u64::from(!answer.is_found());
        counts.quarantined += u64::from(rejected.is_some());
        let observation = Observation {
            kind,
            id,
            fetched_at: answer.fetched_at,
            http_status: answer.status,
            payload: answer.body,
            rejected,
        };
        Ok(self.writer.append(observation).await?)
    }

    fn counts_of(&mut self, kind: Kind) -> &mut Counts {
        match kind {
            Kind::Movies => &mut self.movies,
            Kind::People => &mut self.people,
            _ => &mut self.lists,
        }
    }
}
