//! Who may read a model, who answers for it, and what it promises.

use dbt_yaml::Value as Yaml;
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};

use crate::{Node, NodeKind, constraint::Constraint, yaml};

/// Who may `ref` a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Only its own group.
    Private,
    /// Its own project.
    Protected,
    /// Everybody.
    Public,
}

impl Access {
    /// dbt's word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Protected => "protected",
            Self::Public => "public",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        let all = [Self::Private, Self::Protected, Self::Public];
        all.into_iter().find(|access| access.name() == name)
    }
}

/// Nodes that one owner answers for.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// dbt's `unique_id`.
    pub unique_id: String,
    /// Who answers for it: `name`, `email` and what else is written.
    pub owner: Map<String, Json>,
    /// What it is, if it says so.
    pub description: Option<String>,
    /// Its `config`.
    pub config: Map<String, Json>,
    /// The file that declares it.
    pub file: String,
}

impl Group {
    pub(crate) fn read(package: &str, file: &str, name: String, entry: &Yaml) -> Self {
        Self {
            unique_id: format!("group.{package}.{name}"),
            name,
            owner: yaml::to_map(entry.get("owner")),
            description: yaml::text(entry, "description"),
            config: yaml::to_map(entry.get("config")),
            file: file.to_owned(),
        }
    }

    /// As the manifest has it.
    pub(crate) fn json(&self, package: &str) -> Json {
        let mut owner = json!({"email": null, "name": null});
        for (key, value) in &self.owner {
            owner[key] = value.clone();
        }
        let mut config = json!({"enabled": true, "meta": {}});
        for (key, value) in &self.config {
            config[key] = value.clone();
        }
        let path = self.file.split_once('/').map_or("", |(_, below)| below);
        json!({
            "name": self.name, "resource_type": "group", "package_name": package, "path": path,
            "original_file_path": self.file, "unique_id": self.unique_id, "owner": owner,
            "description": self.description, "config": config,
        })
    }
}

impl Node {
    /// The group it is in.
    pub fn group(&self) -> Option<&str> {
        self.config_text("group")
    }

    /// Who may `ref` it.
    pub fn access(&self) -> Access {
        let written = self.config_text("access").and_then(Access::parse);
        written.unwrap_or(Access::Protected)
    }

    /// Whether its columns are promised and checked.
    pub fn has_contract(&self) -> bool {
        self.kind == NodeKind::Model && self.contract_flag("enforced", false)
    }

    /// Whether words such as `string` stand for the engine's own type.
    fn aliases_types(&self) -> bool {
        self.contract_flag("alias_types", true)
    }

    fn contract_flag(&self, key: &str, default: bool) -> bool {
        let contract = self.config.get("contract");
        let flag = contract.and_then(|contract| contract.get(key)?.as_bool());
        flag.unwrap_or(default)
    }

    /// Whether constraints come into being with it.
    pub(crate) fn declares_constraints(&self) -> bool {
        matches!(
            self.config_text("materialized"),
            Some("table" | "incremental")
        )
    }

    /// The constraints of its columns and its own.
    pub(crate) fn all_constraints(&self) -> impl Iterator<Item = &Constraint> {
        let of_columns = self.columns.iter().flat_map(|column| &column.constraints);
        of_columns.chain(&self.constraints)
    }

    /// A column's type in the engine's words.
    pub(crate) fn engine_type<'a>(&self, data_type: &'a str) -> &'a str {
        if !self.aliases_types() {
            return data_type;
        }
        match data_type.to_ascii_lowercase().as_str() {
            "string" => "text",
            "integer" => "int",
            _ => data_type,
        }
    }

    /// `contract` as the manifest has it.
    pub(crate) fn contract_json(&self) -> Json {
        json!({
            "enforced": self.has_contract(),
            "alias_types": self.aliases_types(),
            "checksum": self.contract_checksum(),
        })
    }

    /// The digest by which dbt sees that a contract has changed.
    fn contract_checksum(&self) -> Option<String> {
        if !self.has_contract() || self.patch_path.is_none() {
            return None;
        }
        let list = |constraints: &[Constraint], is_of_model| {
            let printed = constraints
                .iter()
                .map(|constraint| constraint.python(is_of_model));
            format!("[{}]", printed.collect::<Vec<_>>().join(", "))
        };
        let mut columns: Vec<_> = self.columns.iter().collect();
        columns.sort_by(|a, b| a.name.cmp(&b.name));
        let mut state = String::new();
        for column in columns {
            let data_type = column.data_type.as_deref().unwrap_or("None");
            let constraints = list(&column.constraints, false);
            state.push_str(&format!("|{}{data_type}{constraints}", column.name));
        }
        if self.declares_constraints() {
            state.push_str(self.config_text("materialized").unwrap_or_default());
            state.push_str(&list(&self.constraints, true));
        }
        let digest = Sha256::digest(state.as_bytes());
        Some(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}
