-- columns:
--   - { name: line, label: Line, format: text }
--   - { name: franchise, label: Franchise, format: text, link: collection, key: collection_id }
--   - { name: franchise_instalment, label: Instalment, format: count }
--   - { name: ratio, label: Gross ÷ that of the film before, format: multiple, low: ratio_low, high: ratio_high }
--   - { name: ratio_low, label: Low end (95 %), format: multiple, hidden: true }
--   - { name: ratio_high, label: High end (95 %), format: multiple, hidden: true }
--   - { name: n_franchises, label: Franchises behind it, format: count }
--   - { name: collection_id, label: Collection id, format: text, hidden: true }
with

-- The spaghetti: the franchises that took the most.
franchises as (

    select collection_id, collection_name
    from mart_franchise
    where n_films >= 3 and n_changes >= 1
    order by revenue_real_usd desc, collection_id
    limit 120

),

medians as (

    select
        'Median' as line,
        'All franchises of three films or more' as franchise,
        franchise_instalment,
        median_revenue_change + 1 as ratio,
        median_revenue_change_low + 1 as ratio_low,
        median_revenue_change_high + 1 as ratio_high,
        n_franchises_with_change as n_franchises,
        cast(null as bigint) as collection_id
    from mart_franchise_instalments
    where n_franchises_with_change >= 10

),

single as (

    select
        'Single franchise' as line,
        coalesce(replace(franchises.collection_name, ' Collection', ''), 'No name')
            as franchise,
        films.franchise_instalment,
        films.revenue_change + 1 as ratio,
        cast(null as double precision) as ratio_low,
        cast(null as double precision) as ratio_high,
        cast(null as bigint) as n_franchises,
        franchises.collection_id
    from franchises
    inner join mart_franchise_films as films
        on franchises.collection_id = films.collection_id
    where films.revenue_change is not null and films.franchise_instalment <= 12

)

select * from medians

union all

select * from single

order by line, collection_id, franchise_instalment
