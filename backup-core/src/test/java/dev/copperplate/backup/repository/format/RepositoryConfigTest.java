package dev.copperplate.backup.repository.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RepositoryConfigTest {

  private static final String ID = "0123456789abcdef".repeat(4);
  private static final String JSON =
      "{\"version\":2,\"id\":\"" + ID + "\",\"chunker_polynomial\":\"25b468838dcb75\"}";

  @Test
  void isWrittenAsResticWritesIt() throws Exception {
    RepositoryConfig config = new RepositoryConfig(2, ID, "25b468838dcb75");
    assertEquals(JSON, Expect.text(config.encode()));
    assertEquals(config, RepositoryConfig.decode(config.encode()));
  }

  @Test
  void passesOverTheSettingsOfOtherTools() throws Exception {
    String json =
        "{\"is_hot\":true,\"extra\":{\"deep\":[[1,{\"version\":3}]]}," + JSON.substring(1);
    assertEquals(2, RepositoryConfig.decode(Expect.utf8(json)).version());
    assertEquals(1, RepositoryConfig.decode(Expect.utf8(JSON.replace(":2,", ":1,"))).version());
  }

  @Test
  void saysWhatIsWrong() {
    assertRefused("version 3 is not known", JSON.replace(":2,", ":3,"));
    assertRefused("version 0 is not known", JSON.replace("version", "verzion"));
    assertRefused("'version' is not a whole number", JSON.replace(":2,", ":\"2\","));
    assertRefused("'version' is not a whole number", JSON.replace(":2,", ":2.0,"));
    assertRefused("'version' is no number", JSON.replace(":2,", ":-2,"));
    assertRefused("'version' is more than", JSON.replace(":2,", ":4294967298,"));
    assertRefused("id is not 64", JSON.replace(ID, "../../etc"));
    assertRefused("polynomial is missing", JSON.replace("chunker_polynomial", "other"));
    assertRefused("something follows", JSON + "{}");
    assertRefused("Malformed JSON at byte", JSON.replace(",", ";"));
    assertRefused("an object is expected", "[]");
    assertRefused("too early", "");
  }

  @Test
  void survivesDamage() {
    Expect.everyTruncationRefused(Expect.utf8(JSON), RepositoryConfig::decode);
    Expect.noFlippedBitSurprises(Expect.utf8(JSON), RepositoryConfig::decode);
  }

  @Test
  void readsUtf8Only() {
    byte[] utf16 = JSON.getBytes(StandardCharsets.UTF_16LE);
    assertThrows(FormatException.class, () -> RepositoryConfig.decode(utf16));
  }

  private static void assertRefused(String message, String json) {
    Expect.refused(message, json, RepositoryConfig::decode);
  }
}
