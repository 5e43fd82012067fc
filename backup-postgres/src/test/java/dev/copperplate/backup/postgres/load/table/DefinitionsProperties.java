package dev.copperplate.backup.postgres.load.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.copperplate.backup.postgres.load.table.TableChoices.Wanted;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Definitions as servers print them, with whatever names and texts. */
class DefinitionsProperties {

  private static final TableName TABLE = new TableName("s", "t");
  private static final TableName OLD = new TableName("s \"'\\", "old.'seq");
  private static final TableName NEW = new TableName("s", "new");

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.strings()
        .withChars("ab_9 .,;()'\"\\$é\n")
        .withChars('\ud83d', '\ude00')
        .ofMinLength(1)
        .ofMaxLength(20);
  }

  /** What an expression is made of: texts, names, and what stands between them. */
  @Provide
  Arbitrary<List<String>> parts() {
    Arbitrary<String> plain =
        Arbitraries.of(" + ", "(", ")", "lower(", "::text", "E", "1", " || ", "::regclass", "é");
    return Arbitraries.oneOf(
            plain,
            names().map(each -> " " + SqlText.literal(each)),
            names().map(each -> " " + SqlText.name(each)))
        .list()
        .ofMaxSize(8);
  }

  @Property
  void anyNameIsReadAsItIs(@ForAll("names") String schema, @ForAll("names") String name) {
    DefinitionScanner scanner = new DefinitionScanner(SqlText.name(schema, name) + " rest");
    assertEquals(new TableName(schema, name), scanner.qualified());
    assertEquals(" rest", scanner.rest());
  }

  @Property
  void aForeignKeyRefersToAnotherTableAndIsElseTheSame(
      @ForAll("names") String column,
      @ForAll("names") String schema,
      @ForAll("names") String name) {
    String columns = "(" + SqlText.name(column) + ", b)";
    String rest = "(id, x) ON DELETE CASCADE DEFERRABLE";
    ForeignKey key =
        ForeignKey.parse(
            TABLE,
            "k",
            "FOREIGN KEY " + columns + " REFERENCES " + SqlText.name(schema, name) + rest);
    assertEquals(new TableName(schema, name), key.referenced());
    assertEquals(
        "ALTER TABLE \"s\".\"t\" ADD CONSTRAINT \"k\" FOREIGN KEY "
            + columns
            + " REFERENCES \"s\".\"new\""
            + rest
            + " NOT VALID",
        key.referring(NEW).add());
  }

  @Property
  void anIndexLiesOnAnotherTableAndIsElseTheSame(
      @ForAll("names") String index, @ForAll("names") String table, @ForAll("names") String text) {
    String rest = "btree (lower(a)) WHERE b <> " + SqlText.literal(text + " ON x USING y");
    IndexDefinition definition =
        IndexDefinition.parse(
            "CREATE UNIQUE INDEX "
                + SqlText.name(index)
                + " ON ONLY "
                + SqlText.name("s", table)
                + " USING "
                + rest);
    assertEquals(
        "CREATE UNIQUE INDEX ON \"s\".\"t\" USING " + rest, definition.on(TABLE, Optional.empty()));
  }

  @Property
  void onlyReferencesToSequencesAreExchanged(
      @ForAll("parts") List<String> before, @ForAll("parts") List<String> after) {
    String first = String.join("", before);
    String last = String.join("", after);
    String old = " nextval(" + SqlText.literal(OLD.sql()) + "::regclass)";
    assertEquals(first + last, SequenceNames.renamed(first + last, Map.of(OLD, NEW)));
    assertEquals(
        first + " nextval('\"s\".\"new\"'::pg_catalog.regclass)" + last,
        SequenceNames.renamed(first + old + last, Map.of(OLD, NEW)));
  }

  @Property
  void partitionsHaveNamesThatFit(@ForAll("names") String name, @ForAll("names") String partition) {
    PartitionNames names =
        new PartitionNames(
            new Wanted(new TableName("s", name), new TableName("other", "x".repeat(60))));
    TableName first = names.of(new TableName("s", name + partition));
    TableName second = names.of(new TableName("s", name + partition + partition));
    assertEquals("other", first.schema());
    assertEquals(true, TableName.fits(first.name()) && !first.equals(second));
  }
}
