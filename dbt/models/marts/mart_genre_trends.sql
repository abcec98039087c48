with

years as (

    select genre_key, release_year, median_roi
    from {{ ref('int_genres_yearly') }}

),

equals as (

    select
        genre_key,
        release_year,
        count(*) over (partition by genre_key, median_roi) as n_equal
    from years

),

series as (

    select
        genre_key,
        count(*) as n_years,
        min(release_year) as first_year,
        max(release_year) as last_year,
        {{ tie_sum('n_equal') }} as ties,
        cast(sum(n_equal - 1) as double precision) / 2 as n_equal_pairs
    from equals
    group by genre_key

),

changes as (

    select
        earlier.genre_key,
        {{ mann_kendall_s('earlier.median_roi', 'later.median_roi') | indent(8) }}
            as mann_kendall_s,
        {{ quantile(
            '(later.median_roi - earlier.median_roi)'
            ~ ' / (later.release_year - earlier.release_year)', 0.5
        ) }} as roi_change_per_year
    from years as earlier
    inner join years as later
        on
            earlier.genre_key = later.genre_key
            and earlier.release_year < later.release_year
    group by earlier.genre_key

),

judged as (

    select
        series.*,
        changes.mann_kendall_s,
        changes.roi_change_per_year,
        {{ mann_kendall_variance('n_years', 'ties') }} as variance
    from series
    inner join changes on series.genre_key = changes.genre_key

),

final as (

    select
        genres.genre_id,
        genres.genre_name,
        judged.n_years,
        judged.first_year,
        judged.last_year,
        {{ sample_size_guard('judged.n_years') | indent(8) }} as sample_size_guard,
        judged.roi_change_per_year,
        judged.mann_kendall_s,
        {{ kendall_tau_b('mann_kendall_s', 'n_years', 'n_equal_pairs') | indent(8) }}
            as kendall_tau_b,
        {{ mann_kendall_z('mann_kendall_s', 'variance') | indent(8) }}
            as mann_kendall_z,
        {{ two_sided_p(mann_kendall_z('mann_kendall_s', 'variance')) | indent(8) }}
            as p_value

    from judged
    inner join {{ ref('dim_genres') }} as genres
        on judged.genre_key = genres.genre_id

)

select * from final
