-- Films and people are fetched again after 170 days at the latest. More than
-- 5 % that are older mean that this does not happen.
{{ config(severity='warn') }}

select item_kind, n_items, n_over_170_days
from {{ ref('mart_quality_freshness') }}
where n_over_170_days * 20 > n_items
