package dev.copperplate.backup.postgres.load.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.copperplate.backup.postgres.load.table.TableChoices.Wanted;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionsTest {

  private static final TableName TABLE = new TableName("s", "t");

  @Test
  void anIndexKeepsItsNameWhereItMay() {
    IndexDefinition definition =
        IndexDefinition.parse("CREATE INDEX i ON s.old USING gin (a) WITH (fastupdate='off')");
    assertEquals(
        "CREATE INDEX \"i\" ON \"s\".\"t\" USING gin (a) WITH (fastupdate='off')",
        definition.on(TABLE, Optional.of("i")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "DROP TABLE s.t",
        "CREATE INDEX i ON t USING btree (a)",
        "CREATE INDEX i ON s.t (a)",
        "CREATE INDEX CONCURRENTLY i ON s.t USING btree (a)",
        "CREATE INDEX \"i ON s.t USING btree (a)"
      })
  void whatNoServerPrintsForAnIndexIsNone(String definition) {
    assertThrows(IllegalArgumentException.class, () -> IndexDefinition.parse(definition));
  }

  @Test
  void aForeignKeyThatWasNotValidStaysSo() {
    ForeignKey open =
        ForeignKey.parse(TABLE, "k", "FOREIGN KEY (a) REFERENCES s.other(id) NOT VALID");
    assertEquals(
        "ALTER TABLE \"s\".\"t\" ADD CONSTRAINT \"k\" FOREIGN KEY (a) REFERENCES \"s\".\"other\"(id)"
            + " NOT VALID;",
        open.script());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "CHECK (true)",
        "FOREIGN KEY (a) REFERENCES other(id)",
        "FOREIGN KEY (a REFERENCES s.other(id",
        "FOREIGN KEY (\"a) REFERENCES s.other(id)"
      })
  void whatNoServerPrintsForAForeignKeyIsNone(String definition) {
    assertThrows(IllegalArgumentException.class, () -> ForeignKey.parse(TABLE, "k", definition));
  }

  @Test
  void partitionsFollowTheNameOfTheirTable() {
    PartitionNames names =
        new PartitionNames(new Wanted(new TableName("s", "events"), new TableName("r", "copy")));
    assertEquals(new TableName("r", "copy"), names.of(new TableName("s", "events")));
    assertEquals(new TableName("r", "copy_2020"), names.of(new TableName("s", "events_2020")));
    assertEquals(new TableName("r", "copy_old"), names.of(new TableName("x", "old")));
    assertEquals(new TableName("r", "copy_p1"), names.of(new TableName("y", "old")));
    assertEquals(new TableName("r", "copy_p2"), names.of(new TableName("x", "events")));
    PartitionNames same =
        new PartitionNames(new Wanted(new TableName("s", "events"), new TableName("r", "events")));
    assertEquals(new TableName("r", "old"), same.of(new TableName("s", "old")));
  }
}
