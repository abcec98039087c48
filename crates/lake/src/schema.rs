//! What the raw tables hold: each column and where the payload has it.

use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};

use crate::Kind;

/// A typed column and the JSON pointer to its value in the payload.
pub(crate) struct Source {
    pub(crate) field: Field,
    pub(crate) pointer: String,
}

impl Kind {
    /// The raw table's columns: what was observed, the typed columns, the payload.
    pub fn schema(self) -> SchemaRef {
        let mut fields = vec![
            Field::new("id", DataType::Int64, false),
            Field::new("fetched_at", timestamp(), false),
            Field::new("http_status", DataType::Int32, false),
            Field::new("run_id", DataType::Utf8, false),
        ];
        if self == Self::Quarantine {
            fields.extend([text("kind"), text("reason")]);
        }
        if self.is_export() {
            fields.push(Field::new("export_date", DataType::Date32, false));
        }
        fields.extend(self.sources().into_iter().map(|source| source.field));
        fields.push(Field::new("payload", DataType::Utf8, false));
        Schema::new(fields).into()
    }

    /// The typed columns, between the observation's own and the payload.
    pub(crate) fn sources(self) -> Vec<Source> {
        match self {
            Self::Movies => movies(),
            Self::People => people(),
            Self::Genres => vec![named(list("genres", genre()))],
            Self::Countries => {
                vec![whole(list(
                    "countries",
                    vec![
                        text("iso_3166_1"),
                        text("english_name"),
                        text("native_name"),
                    ],
                ))]
            }
            Self::Languages => vec![whole(list("languages", language()))],
            Self::Jobs => vec![whole(list(
                "departments",
                vec![text("department"), texts("jobs")],
            ))],
            Self::Configuration => vec![
                named(structure(
                    "images",
                    vec![text("base_url"), text("secure_base_url")],
                )),
                named(texts("change_keys")),
            ],
            Self::MovieExports => [
                text("original_title"),
                double("popularity"),
                boolean("adult"),
                boolean("video"),
            ]
            .map(named)
            .into(),
            Self::PersonExports => [text("name"), double("popularity"), boolean("adult")]
                .map(named)
                .into(),
            Self::CollectionExports | Self::CompanyExports | Self::KeywordExports => {
                vec![named(text("name"))]
            }
            Self::Syncs => [
                text("feed"),
                text("state"),
                date("first_day"),
                date("last_day"),
                bigint("n_listed"),
                bigint("n_fetched"),
            ]
            .map(named)
            .into(),
            Self::Drift => [text("path"), text("change"), bigint("n")]
                .map(named)
                .into(),
            Self::Quarantine => Vec::new(),
        }
    }
}

fn movies() -> Vec<Source> {
    let mut sources: Vec<_> = [
        text("imdb_id"),
        text("title"),
        text("original_title"),
        text("original_language"),
        text("tagline"),
        text("overview"),
        text("homepage"),
        text("status"),
        date("release_date"),
        integer("runtime"),
        bigint("budget"),
        bigint("revenue"),
        double("popularity"),
        double("vote_average"),
        bigint("vote_count"),
        boolean("adult"),
        boolean("video"),
        boolean("softcore"),
        text("poster_path"),
        text("backdrop_path"),
        structure(
            "belongs_to_collection",
            vec![
                bigint("id"),
                text("name"),
                text("poster_path"),
                text("backdrop_path"),
            ],
        ),
        list("genres", genre()),
        list(
            "production_companies",
            vec![
                bigint("id"),
                text("name"),
                text("logo_path"),
                text("origin_country"),
            ],
        ),
        list(
            "production_countries",
            vec![text("iso_3166_1"), text("name")],
        ),
        list("spoken_languages", language()),
        texts("origin_country"),
    ]
    .map(named)
    .into();
    sources.extend([
        at(
            "/keywords/keywords",
            list("keywords", vec![bigint("id"), text("name")]),
        ),
        at("/credits/cast", list("credits_cast", cast())),
        at("/credits/crew", list("credits_crew", crew())),
        at(
            "/release_dates/results",
            list("release_dates", release_date()),
        ),
        named(structure(
            "external_ids",
            [
                "imdb_id",
                "wikidata_id",
                "facebook_id",
                "instagram_id",
                "twitter_id",
            ]
            .map(text)
            .into(),
        )),
    ]);
    sources
}

fn people() -> Vec<Source> {
    [
        text("name"),
        texts("also_known_as"),
        text("biography"),
        text("homepage"),
        text("imdb_id"),
        text("known_for_department"),
        text("place_of_birth"),
        text("profile_path"),
        date("birthday"),
        date("deathday"),
        integer("gender"),
        boolean("adult"),
        double("popularity"),
    ]
    .map(named)
    .into()
}

fn genre() -> Vec<Field> {
    vec![bigint("id"), text("name")]
}

fn language() -> Vec<Field> {
    vec![text("iso_639_1"), text("english_name"), text("name")]
}

fn cast() -> Vec<Field> {
    let mut fields = vec![
        bigint("id"),
        bigint("cast_id"),
        text("credit_id"),
        integer("order"),
        text("character"),
    ];
    fields.extend(person());
    fields
}

fn crew() -> Vec<Field> {
    let mut fields = vec![
        bigint("id"),
        text("credit_id"),
        text("department"),
        text("job"),
    ];
    fields.extend(person());
    fields
}

fn person() -> [Field; 7] {
    [
        text("name"),
        text("original_name"),
        integer("gender"),
        boolean("adult"),
        text("known_for_department"),
        double("popularity"),
        text("profile_path"),
    ]
}

fn release_date() -> Vec<Field> {
    vec![
        text("iso_3166_1"),
        text("iso_639_1"),
        text("certification"),
        text("note"),
        Field::new("release_date", timestamp(), true),
        integer("type"),
    ]
}

fn named(field: Field) -> Source {
    Source {
        pointer: format!("/{}", field.name()),
        field,
    }
}

fn at(pointer: &str, field: Field) -> Source {
    Source {
        pointer: pointer.to_owned(),
        field,
    }
}

/// The body itself is the value.
fn whole(field: Field) -> Source {
    at("", field)
}

fn timestamp() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, None)
}

fn text(name: &str) -> Field {
    Field::new(name, DataType::Utf8, true)
}

fn integer(name: &str) -> Field {
    Field::new(name, DataType::Int32, true)
}

fn bigint(name: &str) -> Field {
    Field::new(name, DataType::Int64, true)
}

fn double(name: &str) -> Field {
    Field::new(name, DataType::Float64, true)
}

fn boolean(name: &str) -> Field {
    Field::new(name, DataType::Boolean, true)
}

fn date(name: &str) -> Field {
    Field::new(name, DataType::Date32, true)
}

fn texts(name: &str) -> Field {
    Field::new_list(name, Field::new_list_field(DataType::Utf8, true), true)
}

fn structure(name: &str, fields: Vec<Field>) -> Field {
    Field::new_struct(name, fields, true)
}

fn list(name: &str, fields: Vec<Field>) -> Field {
    Field::new_list(
        name,
        Field::new_list_field(DataType::Struct(fields.into()), true),
        true,
    )
}
