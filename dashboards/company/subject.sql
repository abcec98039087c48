-- parameters: [id]
-- columns:
--   - { name: title, label: Name, format: text }
--   - { name: subtitle, label: What it is, format: text }
--   - { name: image_path, label: Logo, format: text, hidden: true }
--   - { name: parent_name, label: Owned today by, format: text }
--   - { name: country_name, label: Country, format: text }
--   - { name: n_movies, label: Films that name it, format: count }
--   - { name: tmdb_url, label: TMDB, format: url }
select
    coalesce(companies.company_name, 'Company without a name') as title,
    'Production company' as subtitle,
    companies.logo_path as image_path,
    companies.parent_name,
    countries.country_name,
    companies.n_movies,
    'https://www.themoviedb.org/company/' || cast(companies.company_id as text)
        as tmdb_url
from dim_production_companies as companies
left join dim_countries as countries
    on companies.country_code = countries.country_code
where companies.company_id = $id
