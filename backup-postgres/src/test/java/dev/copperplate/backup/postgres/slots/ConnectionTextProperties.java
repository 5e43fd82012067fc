package dev.copperplate.backup.postgres.slots;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ConnectionTextProperties {

  private static final Map<String, String> PLACE = Map.of("host", "db", "user", "reader");

  @Property(tries = 300)
  void keywordsAreReadAsTheyAreWritten(@ForAll("parameters") Map<String, String> parameters) {
    assertEquals(Optional.of(parameters), ConnectionText.parse(keywords(parameters)));
  }

  @Property(tries = 300)
  void anAddressIsReadAsItIsWritten(@ForAll("parameters") Map<String, String> parameters) {
    String query =
        parameters.entrySet().stream()
            .filter(each -> !each.getValue().isEmpty())
            .map(each -> each.getKey() + "=" + encoded(each.getValue()))
            .collect(Collectors.joining("&"));
    Map<String, String> told =
        parameters.entrySet().stream()
            .filter(each -> !each.getValue().isEmpty())
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    assertEquals(Optional.of(told), ConnectionText.parse("postgresql://?" + query));
  }

  @Property(tries = 300)
  void aPasswordIsNeverShownWhateverItIs(@ForAll("text") String password) {
    String keywords = keywords(PLACE) + " " + ConnectionText.parameter("password", password);
    String address = "postgres://reader:" + encoded(password) + "@db";
    for (String each : new String[] {keywords, address}) {
      assertEquals(
          Optional.of(PLACE), ConnectionText.parse(each).flatMap(ConnectionText::harmless), each);
    }
  }

  @Property(tries = 1000)
  void aPasswordThatIsNotEscapedIsNotShown(
      @ForAll("text") String before, @ForAll("text") String after) {
    String secret = before + "canary" + after;
    String address = "postgresql://reader:" + secret + "@db:5432/shop?sslmode=require";
    Optional<Map<String, String>> shown =
        ConnectionText.parse(address).flatMap(ConnectionText::harmless);
    assertFalse(shown.toString().contains("canary"), () -> address + " " + shown);
  }

  @Example
  void allPartsOfAnAddressAreRead() {
    assertEquals(
        Optional.of(
            Map.of(
                "user", "us er",
                "password", "p:@/",
                "host", "::1,/run/pg,db",
                "port", "5433,,1",
                "dbname", "shop",
                "sslmode", "require")),
        ConnectionText.parse(
            "postgresql://us%20er:p%3A%40%2f@[::1]:5433,%2Frun%2Fpg,db:1/shop?sslmode=require"));
  }

  @Example
  void whatLibpqRefusesIsRefused() {
    for (String each :
        new String[] {
          "host",
          "host=a b",
          "host='a",
          "=a",
          "postgresql://a?b",
          "postgres://%zz",
          "postgres://[::1"
        }) {
      assertEquals(Optional.empty(), ConnectionText.parse(each), each);
    }
  }

  @Provide
  Arbitrary<Map<String, String>> parameters() {
    return Arbitraries.maps(
        Arbitraries.of("host", "user", "dbname", "password", "options"), text());
  }

  @Provide
  Arbitrary<String> text() {
    return Arbitraries.strings().withChars("aZ0 '\\\t\n=%&?/:@,[]é€;\"-").ofMaxLength(12);
  }

  private static String keywords(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(each -> ConnectionText.parameter(each.getKey(), each.getValue()))
        .collect(Collectors.joining(" "));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
