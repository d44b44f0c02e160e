# cmake -DSQL_DIR=… -DOUTPUT=… -P embed_migrations.cmake: the SQL files as one generated source.
file(GLOB files ${SQL_DIR}/[0-9][0-9][0-9][0-9]_*.sql)
list(SORT files)
set(rows)
foreach(file IN LISTS files)
    get_filename_component(name ${file} NAME)
    string(SUBSTRING ${name} 0 4 number)
    math(EXPR number "${number}") # 0001 → 1
    file(READ ${file} sql)
    string(APPEND rows "    Migration{${number}, R\"sql(${sql})sql\"},\n")
endforeach()
file(WRITE ${OUTPUT}.new "#include \"store/sqlite/migrations.h\"

namespace watchpost::store::sqlite {

std::span<const Migration> migrations() noexcept
{
    static constexpr Migration all[] = {
${rows}    };
    return all;
}

} // namespace watchpost::store::sqlite
")
execute_process(COMMAND ${CMAKE_COMMAND} -E copy_if_different ${OUTPUT}.new ${OUTPUT})
