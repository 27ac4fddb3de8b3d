# Writes FOLDER/*.sql as a C++ source: an array of store::Migration in the order of the numbers.
file(GLOB files ${FOLDER}/*.sql)
list(SORT files)
set(rows "")
foreach(file IN LISTS files)
  get_filename_component(name ${file} NAME_WE)
  string(REGEX MATCH "^[0-9]+" digits ${name})
  string(REGEX REPLACE "^0+" "" number ${digits})
  file(READ ${file} sql)
  string(APPEND rows "    {${number}, \"${name}\", R\"sql(${sql})sql\"},\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"store/migrations.h\"

namespace ${NAMESPACE} {
std::span<const sluice::store::Migration> ${NAME}();
std::span<const sluice::store::Migration> ${NAME}() {
  static constexpr sluice::store::Migration all[] = {
${rows}  };
  return all;
}
}  // namespace ${NAMESPACE}
")
