-- What could not be decoded is kept, counted and looked at: a warning, because
-- a body that TMDB broke must not stop the others from being published.
{{ config(severity='warn', group='preparation') }}

select observation_kind, quarantine_reason, count(*) as n_observations
from {{ ref('stg_tmdb__quarantine') }}
group by observation_kind, quarantine_reason
