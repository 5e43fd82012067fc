package dev.copperplate.backup.repository.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.repository.crypto.KeyDerivation;
import dev.copperplate.backup.repository.crypto.MasterKey;
import dev.copperplate.backup.repository.crypto.Sealer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class KeyFileTest {

  private static final KeyDerivation CHEAP = new KeyDerivation(16, 8, 1);
  private static final char[] PASSWORD = "p\u00e4ss".toCharArray();
  private static final Instant CREATED = Instant.parse("2024-02-29T12:00:00.123Z");

  /** Made by restic 0.18.0 for an empty repository that was thrown away. */
  private static final String STOCK = KnownKey.JSON;

  @Test
  void opensAStockKeyFile() throws Exception {
    KeyFile file = KeyFile.decode(Expect.utf8(STOCK));
    assertEquals(STOCK, Expect.text(file.encode()));
    MasterKey key = file.unwrap(KnownKey.PASSWORD.toCharArray());
    byte[] config = new Sealer(key).open(Base64.getDecoder().decode(KnownKey.CONFIG));
    assertEquals(2, RepositoryConfig.decode(config).version());
  }

  @Test
  void bringsTheMasterKeyBack() throws Exception {
    MasterKey key = MasterKey.random(new SecureRandom());
    KeyFile file = KeyFile.decode(wrap(key).encode());
    assertEquals(CREATED, file.created());
    assertEquals("me", file.username());
    assertEquals("here", file.hostname());
    assertEquals(CHEAP, file.derivation());
    MasterKey same = file.unwrap(PASSWORD);
    assertArrayEquals(key.encryptBytes(), same.encryptBytes());
    assertArrayEquals(key.macKBytes(), same.macKBytes());
    assertArrayEquals(key.macRBytes(), same.macRBytes());
  }

  @Test
  void tellsAWrongPasswordFromMalformedContents() throws Exception {
    KeyFile file = wrap(MasterKey.random(new SecureRandom()));
    assertThrows(WrongPasswordException.class, () -> file.unwrap("other".toCharArray()));
    assertMalformed("{}");
    assertMalformed("canary");
    assertMalformed("{\"mac\":{\"k\":\"canary\"}}");
    assertMalformed("{\"mac\":[\"canary\"]}");
    String zero = Base64.getEncoder().encodeToString(new byte[16]);
    assertMalformed("{\"mac\":{\"k\":\"" + zero + "\",\"r\":\"" + zero + "\"},\"encrypt\":\"\"}");
  }

  @Test
  void passesOverUnknownFieldsOfTheMasterKey() throws Exception {
    String k = Base64.getEncoder().encodeToString(Expect.utf8("0123456789abcdef"));
    String encrypt = Base64.getEncoder().encodeToString(Expect.utf8("01234567".repeat(4)));
    String mac = "{\"new\":[{}],\"k\":\"" + k + "\",\"r\":\"" + k + "\"}";
    String json = "{\"new\":[{}],\"mac\":" + mac + ",\"encrypt\":\"" + encrypt + "\"}";
    MasterKey key = sealed(json).unwrap(PASSWORD);
    assertArrayEquals(Expect.utf8("0123456789abcdef"), key.macRBytes());
    assertMalformed(json + "{}");
    assertMalformed(json.replace(mac, "[" + mac + "]"));
  }

  @Test
  void neverWrapsTwiceAlike() {
    MasterKey key = MasterKey.random(new SecureRandom());
    assertNotEquals(field("salt", wrap(key)), field("salt", wrap(key)));
    assertNotEquals(field("data", wrap(key)), field("data", wrap(key)));
  }

  @Test
  void leavesThePasswordToTheCaller() {
    wrap(MasterKey.random(new SecureRandom()));
    assertArrayEquals("p\u00e4ss".toCharArray(), PASSWORD);
  }

  @Test
  void passesOverUnknownFields() throws Exception {
    String json = "{\"comment\":{\"kdf\":\"argon2\"}," + STOCK.substring(1);
    assertEquals(STOCK, Expect.text(KeyFile.decode(Expect.utf8(json)).encode()));
  }

  @Test
  void saysWhatIsWrong() {
    assertRefused("kdf is 'argon2', only scrypt", STOCK.replace("scrypt", "argon2"));
    assertRefused("kdf is ''", "{}");
    assertRefused("salt of a key file has 64 bytes, not 3", salt("AAAA"));
    assertRefused("salt of a key file has 64 bytes, not 0", STOCK.replace("\"salt\"", "\"s\""));
    assertRefused("'salt' is not base64", salt("AAA"));
    assertRefused("no sealed key", STOCK.replace("\"data\"", "\"d\""));
    assertRefused("power of two", STOCK.replace("\"N\":32768", "\"N\":32767"));
    assertRefused("power of two", STOCK.replace("\"N\":32768", "\"n\":32768"));
    assertRefused("more than", STOCK.replace("\"N\":32768", "\"N\":1073741824"));
    assertRefused("'N' is more than", STOCK.replace("\"N\":32768", "\"N\":2147483648"));
    assertRefused("something follows", STOCK + "{}");
    assertRefused("Malformed JSON", STOCK.replace("{", "<"));
  }

  @Test
  void survivesDamage() {
    Expect.everyTruncationRefused(Expect.utf8(STOCK), KeyFile::decode);
    Expect.noFlippedBitSurprises(Expect.utf8(STOCK), KeyFile::decode);
  }

  @Test
  void printsNeitherSaltNorSealedKey() {
    KeyFile file = wrap(MasterKey.random(new SecureRandom()));
    assertEquals("KeyFile of me@here, created " + CREATED, file.toString());
  }

  private static String field(String name, KeyFile file) {
    return Expect.text(file.encode()).replaceFirst(".*\"" + name + "\":\"([^\"]*)\".*", "$1");
  }

  private static KeyFile wrap(MasterKey key) {
    return KeyFile.wrap(key, PASSWORD, CHEAP, CREATED, "me", "here", new SecureRandom());
  }

  private static void assertMalformed(String masterKeyJson) {
    KeyFile file = sealed(masterKeyJson);
    FormatException refusal = assertThrows(FormatException.class, () -> file.unwrap(PASSWORD));
    assertTrue(String.valueOf(refusal.getMessage()).contains("no master key"));
    assertEquals(null, refusal.getCause()); // it might quote the secret
  }

  private static KeyFile sealed(String masterKeyJson) {
    byte[] salt = new byte[64];
    byte[] data = new Sealer(CHEAP.derive(PASSWORD, salt)).seal(Expect.utf8(masterKeyJson));
    return new KeyFile(CREATED, "me", "here", CHEAP, salt, data);
  }

  private static String salt(String base64) {
    return STOCK.replaceAll("\"salt\":\"[^\"]*\"", "\"salt\":\"" + base64 + "\"");
  }

  private static void assertRefused(String message, String json) {
    Expect.refused(message, json, KeyFile::decode);
  }
}
