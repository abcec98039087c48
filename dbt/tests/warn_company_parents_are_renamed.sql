-- A row of `company_parents` whose company is called otherwise holds no more.
-- Where no row holds, the ids are another catalogue's and all is well.
{{ config(severity='warn') }}

with

matched as (

    select
        companies.company_id,
        companies.company_name,
        parents.name_part,
        companies.parent_name,
        count(companies.parent_name) over () as n_holding
    from {{ ref('company_parents') }} as parents
    inner join {{ ref('dim_production_companies') }} as companies
        on parents.company_id = companies.company_id

)

select company_id, company_name, name_part
from matched
where parent_name is null and n_holding > 0
