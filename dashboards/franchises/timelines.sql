-- columns:
--   - { name: franchise, label: Franchise, format: text, link: collection, key: collection_id }
--   - { name: film, label: Film, format: text, link: movie, key: movie_id }
--   - { name: franchise_instalment, label: Instalment, format: count }
--   - { name: release_date, label: Released, format: date }
--   - { name: gross_usd, label: Gross, format: usd }
--   - { name: direction, label: Against the film before, format: text }
--   - { name: revenue_change, label: Change, format: percent }
--   - { name: collection_id, label: Collection id, format: text, hidden: true }
--   - { name: movie_id, label: Film id, format: text, hidden: true }
with

franchises as (

    select
        collection_id,
        sum(money_revenue_usd) as gross_usd
    from movies
    where is_franchise
    group by collection_id
    having count(money_revenue_usd) >= 2
    order by gross_usd desc, collection_id
    limit 25

)

select
    coalesce(replace(movies.collection_name, ' Collection', ''), 'No name')
        as franchise,
    movies.title as film,
    movies.franchise_instalment,
    movies.release_date,
    movies.money_revenue_usd as gross_usd,
    case
        when films.revenue_change >= 0 then 'More'
        when films.revenue_change < 0 then 'Less'
        else 'First, or not known'
    end as direction,
    films.revenue_change,
    movies.collection_id,
    movies.movie_id
from franchises
inner join movies
    on franchises.collection_id = movies.collection_id
left join mart_franchise_films as films
    on movies.movie_id = films.movie_id
where movies.is_franchise and movies.money_revenue_usd is not null
order by
    franchises.gross_usd desc,
    franchises.collection_id,
    movies.franchise_instalment
