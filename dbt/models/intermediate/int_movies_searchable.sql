with

-- A film that is announced alone has no numbers to lead to.
final as (

    select
        movies.movie_id,
        movies.title,
        movies.original_title,
        cast(movies.release_year as text) as release_year,
        facts.collection_id,
        coalesce(facts.vote_count, 0) as vote_count
    from {{ ref('dim_movies') }} as movies
    inner join {{ ref('fact_movies') }} as facts
        on movies.movie_id = facts.movie_id
    where facts.is_in_population or movies.status = 'Released'

)

select * from final
