use serde::Deserialize;

use crate::simulator::films::Named;
use crate::{Collection, Company, Keywords};

/// What a recorded body says of what films share.
#[derive(Deserialize)]
pub(super) struct Shared {
    belongs_to_collection: Option<Collection>,
    production_companies: Option<Vec<Company>>,
    keywords: Option<Keywords>,
}

impl Shared {
    /// Ids and names of a sort.
    pub(super) fn named(self, named: Named) -> Vec<(i64, String)> {
        match named {
            Named::Collections => {
                let collections = self.belongs_to_collection.into_iter();
                collections
                    .map(|collection| (collection.id, collection.name.unwrap_or_default()))
                    .collect()
            }
            Named::Companies => {
                let companies = self.production_companies.into_iter().flatten();
                companies
                    .map(|company| (company.id, company.name.unwrap_or_default()))
                    .collect()
            }
            Named::Keywords => {
                let keywords = self.keywords.and_then(|block| block.keywords);
                keywords
                    .into_iter()
                    .flatten()
                    .map(|keyword| (keyword.id, keyword.name.unwrap_or_default()))
                    .collect()
            }
        }
    }
}
