with

placed as (

    select
        movie_id, release_month, release_weekday, release_window,
        is_dump_period, era_start_year, origin_country_code, runtime_bin_start
    from {{ ref('int_movies_placed') }}

),

release_types as (

    select movie_id, release_type_state
    from {{ ref('int_movies_release_typed') }}

),

franchises as (

    select movie_id, franchise_instalment
    from {{ ref('int_movies_franchised') }}

),

banded as (

    select
        movie_id, break_even_low_multiple, break_even_mid_multiple,
        break_even_high_multiple, break_even_gap_real_usd, modelled_net_usd
    from {{ ref('int_movies_money_banded') }}

),

expected as (

    select
        movie_id, budget_decile, expected_log_revenue, expected_level,
        n_expected_peers, log_revenue_residual
    from {{ ref('int_movies_expected') }}

),

final as (

    select
        placed.movie_id,
        placed.release_month,
        placed.release_weekday,
        placed.release_window,
        placed.is_dump_period,
        placed.era_start_year,
        placed.origin_country_code,
        placed.runtime_bin_start,
        release_types.release_type_state,
        franchises.franchise_instalment,
        banded.break_even_low_multiple,
        banded.break_even_mid_multiple,
        banded.break_even_high_multiple,
        banded.break_even_gap_real_usd,
        banded.modelled_net_usd,
        expected.budget_decile,
        expected.expected_log_revenue,
        cast(
            floor(exp(expected.expected_log_revenue) + 0.5) as bigint
        ) as expected_revenue_real_usd,
        expected.expected_level,
        expected.n_expected_peers,
        expected.log_revenue_residual

    from placed
    inner join release_types
        on placed.movie_id = release_types.movie_id
    inner join banded
        on placed.movie_id = banded.movie_id
    left join franchises
        on placed.movie_id = franchises.movie_id
    left join expected
        on placed.movie_id = expected.movie_id

)

select * from final
