with

movies as (

    select
        movie_id, title, release_year, vote_count, is_in_population,
        budget_usd, budget_suspect_reason, revenue_usd, revenue_suspect_reason
    from {{ ref('mart_movies') }}
    where
        budget_suspect_reason is not null
        or revenue_suspect_reason is not null

),

amounts as (

    select
        movie_id,
        'budget' as amount_kind,
        budget_usd as amount_usd,
        revenue_usd as other_amount_usd,
        budget_suspect_reason as suspect_reason
    from movies
    where budget_suspect_reason is not null

    union all

    select
        movie_id,
        'revenue' as amount_kind,
        revenue_usd as amount_usd,
        budget_usd as other_amount_usd,
        revenue_suspect_reason as suspect_reason
    from movies
    where revenue_suspect_reason is not null

),

final as (

    select
        amounts.movie_id,
        movies.title,
        movies.release_year,
        amounts.amount_kind,
        amounts.amount_usd,
        amounts.other_amount_usd,
        amounts.suspect_reason,
        movies.vote_count,
        movies.is_in_population,
        '/movie/' || cast(amounts.movie_id as text)
        || '/edit?active_nav_item=primary_facts' as edit_path

    from amounts
    inner join movies
        on amounts.movie_id = movies.movie_id

)

select * from final
