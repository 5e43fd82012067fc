package dev.copperplate.backup.repository.format;

import dev.copperplate.backup.repository.crypto.DamagedContainerException;
import dev.copperplate.backup.repository.crypto.KeyDerivation;
import dev.copperplate.backup.repository.crypto.MasterKey;
import dev.copperplate.backup.repository.crypto.Sealer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;

/**
 * A file below {@code keys/}: the master key, sealed with a key that comes from a password. The
 * file itself is plain JSON, and its name is the SHA-256 of that.
 *
 * <p>Immutable. What it prints holds neither salt nor sealed key.
 *
 * @see <a href="https://restic.readthedocs.io/en/stable/100_references.html">restic design, "Keys,
 *     Encryption and MAC"</a>
 */
public final class KeyFile {

  /** The most bytes of a key file that are worth reading: stock ones have about 450. */
  public static final int MAX_SIZE = 64 << 10;

  private static final String SCRYPT = "scrypt";

  private final Instant created;
  private final String username;
  private final String hostname;
  private final KeyDerivation derivation;
  private final byte[] salt;
  private final byte[] data;

  /** Takes the arrays over. */
  KeyFile(
      Instant created,
      String username,
      String hostname,
      KeyDerivation derivation,
      byte[] salt,
      byte[] data) {
    this.created = Objects.requireNonNull(created);
    this.username = Objects.requireNonNull(username);
    this.hostname = Objects.requireNonNull(hostname);
    this.derivation = Objects.requireNonNull(derivation);
    this.salt = salt;
    this.data = data;
    if (salt.length != KeyDerivation.SALT_SIZE) {
      throw new IllegalArgumentException(
          "The salt of a key file has " + KeyDerivation.SALT_SIZE + " bytes, not " + salt.length);
    }
    if (data.length < Sealer.OVERHEAD) {
      throw new IllegalArgumentException("The key file holds no sealed key");
    }
  }

  /**
   * Seals the master key with a password and a fresh salt. The password is not wiped.
   *
   * @throws IllegalArgumentException if the password is not text (half a surrogate pair)
   */
  public static KeyFile wrap(
      MasterKey key,
      char[] password,
      KeyDerivation derivation,
      Instant created,
      String username,
      String hostname,
      SecureRandom random) {
    byte[] salt = new byte[KeyDerivation.SALT_SIZE];
    random.nextBytes(salt);
    byte[] secret = MasterKeyJson.encode(key);
    MasterKey userKey = derivation.derive(password, salt);
    try {
      byte[] data = new Sealer(userKey, random).seal(secret);
      return new KeyFile(created, username, hostname, derivation, salt, data);
    } finally {
      userKey.destroy();
      Arrays.fill(secret, (byte) 0);
    }
  }

  /**
   * Opens the master key. Takes the time and memory that {@link #derivation} states. The password
   * is not wiped.
   *
   * @throws WrongPasswordException if the sealed key does not open with the password
   * @throws FormatException if it opens, and what it holds is no master key
   */
  public MasterKey unwrap(char[] password) throws WrongPasswordException, FormatException {
    MasterKey userKey = derivation.derive(password, salt);
    byte[] secret = {};
    try {
      secret = new Sealer(userKey).open(data);
      return MasterKeyJson.decode(secret);
    } catch (DamagedContainerException e) {
      throw new WrongPasswordException(e);
    } finally {
      userKey.destroy();
      Arrays.fill(secret, (byte) 0);
    }
  }

  /** The bytes of the file. */
  public byte[] encode() {
    return new JsonOutput()
        .beginObject()
        .field("created")
        .time(created)
        .field("username")
        .string(username)
        .field("hostname")
        .string(hostname)
        .field("kdf")
        .string(SCRYPT)
        .field("N")
        .number(derivation.n())
        .field("r")
        .number(derivation.r())
        .field("p")
        .number(derivation.p())
        .field("salt")
        .base64(salt)
        .field("data")
        .base64(data)
        .endObject()
        .toByteArray();
  }

  /**
   * Reads the bytes of the file.
   *
   * @throws FormatException if they are malformed, use another key derivation than scrypt or one
   *     that is out of bounds, or have a salt of another size
   */
  public static KeyFile decode(byte[] json) throws FormatException {
    try (JsonInput in = new JsonInput(json)) {
      return new Fields(in).keyFile();
    } catch (IllegalArgumentException e) {
      throw new FormatException(String.valueOf(e.getMessage()));
    }
  }

  /** When it was made. */
  public Instant created() {
    return created;
  }

  /** Who made it. */
  public String username() {
    return username;
  }

  /** Where it was made. */
  public String hostname() {
    return hostname;
  }

  /** What trying a password on it costs. */
  public KeyDerivation derivation() {
    return derivation;
  }

  @Override
  public String toString() {
    return "KeyFile of " + username + "@" + hostname + ", created " + created;
  }

  /** The fields of a key file while it is read. */
  private static final class Fields {

    private Instant created = Timestamps.UNKNOWN;
    private String username = "";
    private String hostname = "";
    private String kdf = "";
    private int n;
    private int r;
    private int p;
    private byte[] salt = {};
    private byte[] data = {};

    Fields(JsonInput in) throws FormatException {
      in.beginObject();
      for (String field = in.nextField(); field != null; field = in.nextField()) {
        read(field, in);
      }
      in.end();
    }

    private void read(String field, JsonInput in) throws FormatException {
      switch (field) {
        case "created" -> created = in.time(field);
        case "username" -> username = in.string(field);
        case "hostname" -> hostname = in.string(field);
        case "kdf" -> kdf = in.string(field);
        case "N" -> n = in.int31(field);
        case "r" -> r = in.int31(field);
        case "p" -> p = in.int31(field);
        case "salt" -> salt = in.base64(field);
        case "data" -> data = in.base64(field);
        default -> in.skip();
      }
    }

    KeyFile keyFile() throws FormatException {
      if (!kdf.equals(SCRYPT)) {
        throw new FormatException("The key file's kdf is '" + kdf + "', only scrypt is known");
      }
      return new KeyFile(created, username, hostname, new KeyDerivation(n, r, p), salt, data);
    }
  }

  /** The JSON form of a master key, which stands in a key file sealed. */
  private static final class MasterKeyJson {

    private MasterKeyJson() {}

    static byte[] encode(MasterKey key) {
      byte[] k = key.macKBytes();
      byte[] r = key.macRBytes();
      byte[] encrypt = key.encryptBytes();
      JsonOutput out = new JsonOutput(); // large enough from the start: nothing is left behind
      out.beginObject().field("mac").beginObject();
      out.field("k").base64(k).field("r").base64(r).endObject();
      out.field("encrypt").base64(encrypt).endObject();
      byte[] json = out.toByteArray();
      out.wipe();
      for (byte[] part : new byte[][] {k, r, encrypt}) {
        Arrays.fill(part, (byte) 0);
      }
      return json;
    }

    static MasterKey decode(byte[] json) throws FormatException {
      byte[][] parts = {{}, {}, {}};
      try (JsonInput in = new JsonInput(json)) {
        in.beginObject();
        for (String field = in.nextField(); field != null; field = in.nextField()) {
          switch (field) {
            case "mac" -> mac(in, parts);
            case "encrypt" -> parts[0] = in.base64(field);
            default -> in.skip();
          }
        }
        in.end();
        return MasterKey.of(parts[0], parts[1], parts[2]);
      } catch (FormatException | IllegalArgumentException e) {
        // without the cause: a parser's message may quote what it stumbled over
        throw new FormatException("The key file opens, but what it holds is no master key");
      } finally {
        for (byte[] part : parts) {
          Arrays.fill(part, (byte) 0);
        }
      }
    }

    private static void mac(JsonInput in, byte[][] parts) throws FormatException {
      in.requireObject("mac");
      for (String field = in.nextField(); field != null; field = in.nextField()) {
        switch (field) {
          case "k" -> parts[1] = in.base64(field);
          case "r" -> parts[2] = in.base64(field);
          default -> in.skip();
        }
      }
    }
  }
}
