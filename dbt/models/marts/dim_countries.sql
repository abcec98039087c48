with

listed as (

    select country_code, country_name, native_name
    from {{ ref('int_countries_listed') }}

),

mentioned as (

    select country_code, country_name
    from {{ ref('int_countries_mentioned') }}

),

final as (

    select
        coalesce(listed.country_code, mentioned.country_code) as country_code,
        coalesce(
            listed.country_name, mentioned.country_name, mentioned.country_code
        ) as country_name,
        listed.native_name,
        listed.country_code is not null as is_listed

    from listed
    full outer join mentioned
        on listed.country_code = mentioned.country_code

)

select * from final
