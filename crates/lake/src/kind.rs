/// A raw table: one folder of the lake, one table of the `raw` schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// `/movie/{id}` with its appended blocks.
    Movies,
    /// `/person/{id}`.
    People,
    /// `/genre/movie/list`.
    Genres,
    /// `/configuration/countries`.
    Countries,
    /// `/configuration/languages`.
    Languages,
    /// `/configuration/jobs`.
    Jobs,
    /// `/configuration`.
    Configuration,
    /// A line of a day's `movie_ids` file: a film and its popularity.
    MovieExports,
    /// A line of a day's `person_ids` file: a person and their popularity.
    PersonExports,
    /// A line of a day's `collection_ids` file: a collection and its name.
    CollectionExports,
    /// A line of a day's `production_company_ids` file.
    CompanyExports,
    /// A line of a day's `keyword_ids` file.
    KeywordExports,
    /// How far the lake is in step with the changes feeds; the newest of an id says since when.
    Syncs,
    /// Keys and values that bodies held and nothing here expects, counted by run.
    Drift,
    /// Bodies that could not be decoded, of any kind, with the reason.
    Quarantine,
}

impl Kind {
    /// Every kind, in the order the tables are listed.
    pub const ALL: [Self; 15] = [
        Self::Movies,
        Self::People,
        Self::Genres,
        Self::Countries,
        Self::Languages,
        Self::Jobs,
        Self::Configuration,
        Self::MovieExports,
        Self::PersonExports,
        Self::CollectionExports,
        Self::CompanyExports,
        Self::KeywordExports,
        Self::Syncs,
        Self::Drift,
        Self::Quarantine,
    ];

    /// The folder's and the table's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Movies => "movies",
            Self::People => "people",
            Self::Genres => "genres",
            Self::Countries => "countries",
            Self::Languages => "languages",
            Self::Jobs => "jobs",
            Self::Configuration => "configuration",
            Self::MovieExports => "movie_exports",
            Self::PersonExports => "person_exports",
            Self::CollectionExports => "collection_exports",
            Self::CompanyExports => "company_exports",
            Self::KeywordExports => "keyword_exports",
            Self::Syncs => "syncs",
            Self::Drift => "drift",
            Self::Quarantine => "quarantine",
        }
    }

    /// Whether it comes by the day and the million, rather than one by one.
    pub(crate) fn is_export(self) -> bool {
        matches!(
            self,
            Self::MovieExports
                | Self::PersonExports
                | Self::CollectionExports
                | Self::CompanyExports
                | Self::KeywordExports
        )
    }
}
