use std::sync::Arc;

use chrono::NaiveDate;
use tokio::task::JoinHandle;

use crate::{
    DayWriter, Kind, Lake, Observation, Result, Seen, Written,
    journal::{Lock, Segment},
};

/// When a writer turns its journal into parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriterOptions {
    /// Journal bytes that make a part.
    pub segment_bytes: u64,
    /// Observations that make a part.
    pub segment_observations: u64,
}

impl Default for WriterOptions {
    fn default() -> Self {
        Self {
            segment_bytes: 64 << 20,
            segment_observations: 20_000,
        }
    }
}

/// Adds one run's observations to a lake.
///
/// What [`Writer::append`] has returned for survives the process, however it ends. Parts are made in the
/// background, one at a time. A writer dropped without [`Writer::finish`] leaves the rest to
/// [`Lake::recover`].
#[derive(Debug)]
pub struct Writer {
    lake: Lake,
    run_id: String,
    options: WriterOptions,
    // Shared with the work in the background: the lake is not free before that is done.
    lock: Arc<Lock>,
    segment: Option<Segment>,
    next_number: Option<u32>,
    publishing: Option<JoinHandle<Result<Written>>>,
    written: Written,
}

impl Writer {
    pub(crate) fn new(lake: Lake, run_id: String, options: WriterOptions, lock: Lock) -> Self {
        Self {
            lake,
            run_id,
            options,
            lock: Arc::new(lock),
            segment: None,
            next_number: None,
            publishing: None,
            written: Written::default(),
        }
    }

    /// Adds an observation; it is durable when this returns.
    ///
    /// # Errors
    /// When the journal cannot be written, or an earlier part could not be.
    pub async fn append(&mut self, observation: Observation) -> Result<()> {
        let mut segment = match self.segment.take() {
            Some(segment) => segment,
            None => self.open().await?,
        };
        let appended = segment.append(&observation);
        if appended.is_ok() && observation.rejected.is_none() {
            let seen = Seen {
                fetched_at: observation.fetched_at,
                http_status: observation.http_status,
            };
            let mut pending = self.lake.pending();
            pending
                .entry(segment.path().to_owned())
                .or_default()
                .insert((observation.kind, observation.id), seen);
        }
        let is_full = segment.n_bytes() >= self.options.segment_bytes
            || segment.n_observations() >= self.options.segment_observations;
        self.segment = Some(segment);
        appended?;
        if is_full {
            self.start_publishing().await?;
        }
        Ok(())
    }

    /// Begins a day's export, which gets a part of its own.
    pub fn day(&self, kind: Kind, day: NaiveDate) -> DayWriter {
        DayWriter::new(
            self.lake.clone(),
            Arc::clone(&self.lock),
            &self.run_id,
            kind,
            day,
        )
    }

    /// Turns everything appended so far into parts.
    ///
    /// # Errors
    /// When a part cannot be written; the journal keeps what it would hold.
    pub async fn roll(&mut self) -> Result<()> {
        self.start_publishing().await?;
        self.finish_publishing().await
    }

    /// Turns the rest into parts and says what the run added.
    ///
    /// # Errors
    /// When a part cannot be written; the journal keeps what it would hold.
    pub async fn finish(mut self) -> Result<Written> {
        self.roll().await?;
        Ok(self.written)
    }

    async fn open(&mut self) -> Result<Segment> {
        let number = match self.next_number {
            Some(number) => number,
            None => self.lake.next_number(&self.run_id).await?,
        };
        self.next_number = Some(number + 1);
        Segment::create(self.lake.journal(), &self.run_id, number)
    }

    async fn start_publishing(&mut self) -> Result<()> {
        self.finish_publishing().await?;
        let Some(segment) = self.segment.take() else {
            return Ok(());
        };
        let path = segment.close()?;
        let (lake, lock) = (self.lake.clone(), Arc::clone(&self.lock));
        self.publishing = Some(tokio::spawn(async move {
            let written = lake.publish(path).await;
            drop(lock);
            written
        }));
        Ok(())
    }

    async fn finish_publishing(&mut self) -> Result<()> {
        if let Some(publishing) = self.publishing.take() {
            self.written.add(publishing.await??);
        }
        Ok(())
    }
}
