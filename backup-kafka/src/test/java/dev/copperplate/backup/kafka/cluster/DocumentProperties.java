package dev.copperplate.backup.kafka.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

class DocumentProperties {

  @Property(tries = 200)
  void groupsAreReadAsTheyAreWritten(@ForAll("groups") Group group) throws IOException {
    same(group, Group::line, Group::of);
  }

  @Property(tries = 200)
  void aclsAreReadAsTheyAreWritten(@ForAll("acls") AclBinding acl) throws IOException {
    same(acl, AclLines::line, AclLines::of);
  }

  @Property(tries = 200)
  void quotasAreReadAsTheyAreWritten(
      @ForAll("names") Map<String, String> entity, @ForAll Map<String, Double> limits)
      throws IOException {
    limits.keySet().removeIf(each -> !isText(each));
    same(new Quota(entity, limits), Quota::line, Quota::of);
  }

  @Property(tries = 200)
  void topicsAreReadAsTheyAreWritten(
      @ForAll("text") String name,
      @ForAll long id,
      @ForAll boolean flag,
      @ForAll("names") Map<String, String> overrides,
      @ForAll List<Integer> brokers)
      throws IOException {
    PartitionMetadata partition = new PartitionMetadata(3, -1, 7, brokers, brokers);
    same(
        new TopicMetadata(
            name, new Uuid(id, ~id), flag, 2, !flag, overrides, List.of(partition, partition)),
        TopicMetadata::line,
        TopicMetadata::of);
  }

  @Property(tries = 200)
  void clustersAreReadAsTheyAreWritten(
      @ForAll("text") String one, @ForAll("text") String other, @ForAll int number)
      throws IOException {
    same(
        new ClusterDescription(
            one,
            number,
            other,
            number,
            List.of(new Broker(number, other, 9092, one)),
            Map.of(one, new Levels(0, number)),
            Map.of(other, new Levels(number, 1)),
            List.of(new Gap(one, other, one))),
        ClusterDescription::line,
        ClusterDescription::of);
  }

  @Property(tries = 200)
  void transactionsAndUsersAreReadAsTheyAreWritten(
      @ForAll("text") String text, @ForAll long number, @ForAll int small) throws IOException {
    same(
        new OpenTransaction(
            text, number, small, text, ~number, List.of(new TopicPartition(text, small))),
        OpenTransaction::line,
        OpenTransaction::of);
    same(new ScramUser(text, text, small), ScramUser::line, ScramUser::of);
  }

  @Property(tries = 500)
  void bytesThatAreNoLineAreRefused(@ForAll byte[] bytes) throws IOException {
    try (JsonParser json = Line.parser(new ByteArrayInputStream(bytes))) {
      Line line = Line.next(json);
      if (line != null) {
        assertThrows(IllegalArgumentException.class, () -> Group.of(line));
      }
    } catch (IllegalArgumentException refused) {
      assertEquals(true, List.of("no JSON", "no object").contains(refused.getMessage()));
    }
  }

  @Example
  void fieldsStandInTheOrderOfTheirNames() throws IOException {
    assertEquals(
        "{\"iterations\":4096,\"mechanism\":\"m\",\"user\":\"ü\"}\n",
        text(new ScramUser("ü", "m", 4096).line()));
  }

  @Example
  void fieldsOfLaterVersionsArePassedOver() throws IOException {
    Line line = new ScramUser("u", "m", 4096).line().with("salted", List.of(1L, "x"));
    assertEquals(new ScramUser("u", "m", 4096), ScramUser.of(read(text(line))));
  }

  @Example
  void aNumberThatDoesNotFitIsRefused() throws IOException {
    Line line = new Line().with("user", "u").with("mechanism", "m").with("iterations", 1L << 40);
    Line read = read(text(line));
    assertThrows(IllegalArgumentException.class, () -> ScramUser.of(read));
    assertThrows(IllegalArgumentException.class, () -> read("{\"a\":99999999999999999999}"));
    assertThrows(IllegalArgumentException.class, () -> read("{\"a\":1,\"a\":2}"));
    assertThrows(IllegalArgumentException.class, () -> read("{\"a\":" + "[".repeat(50)));
  }

  private static <T> void same(T value, Function<T, Line> writing, Function<Line, T> reading)
      throws IOException {
    String text = text(writing.apply(value));
    assertEquals(text.length() - 1, text.indexOf('\n'), "one line");
    T read = reading.apply(read(text));
    assertEquals(value, read);
    assertEquals(text, text(writing.apply(read)));
  }

  private static String text(Line line) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    line.writeTo(bytes);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static Line read(String text) throws IOException {
    try (JsonParser json =
        Line.parser(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))) {
      Line line = Line.next(json);
      if (line == null) {
        throw new IllegalArgumentException("nothing");
      }
      return line;
    }
  }

  @Provide
  Arbitrary<String> text() {
    return Arbitraries.strings()
        .all()
        .ofMaxLength(20)
        .filter(DocumentProperties::isText)
        .map(each -> each + "😀");
  }

  /** Halves of surrogate pairs are no text: they have no bytes in UTF-8. */
  private static boolean isText(String text) {
    return text.codePoints().noneMatch(each -> each >= 0xd800 && each <= 0xdfff);
  }

  @Provide
  Arbitrary<Map<String, String>> names() {
    return Arbitraries.maps(text(), text().injectNull(0.3)).ofMaxSize(4).map(HashMap::new);
  }

  @Provide
  Arbitrary<Group> groups() {
    Arbitrary<CommittedOffset> offsets =
        Combinators.combine(
                text(), Arbitraries.integers(), Arbitraries.longs(), Arbitraries.integers(), text())
            .as(CommittedOffset::new);
    return Combinators.combine(
            text(), text(), text(), Arbitraries.of(true, false), offsets.list().ofMaxSize(5))
        .as(
            (id, state, protocol, flag, committed) ->
                new Group(id, "Classic", state, protocol, id, flag, 3, !flag, committed));
  }

  @Provide
  Arbitrary<AclBinding> acls() {
    return Combinators.combine(
            text(),
            text(),
            text(),
            Arbitraries.of(ResourceType.values()).filter(each -> each != ResourceType.ANY),
            Arbitraries.of(PatternType.LITERAL, PatternType.PREFIXED),
            Arbitraries.of(AclOperation.values()).filter(each -> each != AclOperation.ANY),
            Arbitraries.of(AclPermissionType.ALLOW, AclPermissionType.DENY))
        .as(
            (name, principal, host, type, pattern, operation, permission) ->
                new AclBinding(
                    new ResourcePattern(type, name, pattern),
                    new AccessControlEntry(principal, host, operation, permission)));
  }
}
