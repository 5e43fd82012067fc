package dev.copperplate.backup.postgres.slots;

import dev.copperplate.backup.postgres.Lsn;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A row of a catalog, of which each version of the server has columns of its own. A column that is
 * not there is like one that is null.
 */
record Row(Map<String, Object> values) {

  static Row of(ResultSet row) throws SQLException {
    ResultSetMetaData columns = row.getMetaData();
    Map<String, Object> values = new HashMap<>();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      Object value = columns.getColumnTypeName(i).equals("_text") ? list(row, i) : row.getString(i);
      if (value != null) {
        values.put(columns.getColumnName(i), value);
      }
    }
    return new Row(values);
  }

  private static List<String> list(ResultSet row, int column) throws SQLException {
    Array array = row.getArray(column);
    return array == null ? List.of() : List.of((String[]) array.getArray());
  }

  String text(String column) {
    return values.get(column) instanceof String text ? text : "";
  }

  boolean flag(String column) {
    return text(column).equals("t");
  }

  long number(String column) {
    return Long.parseLong(text(column));
  }

  Lsn lsn(String column) {
    return has(column) ? Lsn.parse(text(column)) : Lsn.NONE;
  }

  List<String> texts(String column) {
    return values.get(column) instanceof List<?> list
        ? list.stream().map(String.class::cast).toList()
        : List.of();
  }

  boolean has(String column) {
    return values.containsKey(column);
  }
}
