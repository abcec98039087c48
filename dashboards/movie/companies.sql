-- parameters: [id]
-- columns:
--   - { name: company_name, label: Company, format: text, link: company, key: company_id }
--   - { name: parent_name, label: Belongs to, format: text }
--   - { name: country_name, label: Country, format: text }
--   - { name: n_movies, label: Films here, format: count }
--   - { name: company_id, label: Company id, format: text, hidden: true }
select
    companies.company_name,
    companies.parent_name,
    countries.country_name,
    companies.n_movies,
    companies.company_id
from bridge_movies_production_companies as bridge
inner join dim_production_companies as companies
    on bridge.company_id = companies.company_id
left join dim_countries as countries
    on companies.country_code = countries.country_code
where bridge.movie_id = $id
order by bridge.company_position
