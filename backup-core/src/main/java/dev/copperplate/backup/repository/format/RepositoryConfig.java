package dev.copperplate.backup.repository.format;

/**
 * The object {@code config}: sealed, never compressed. Other tools keep settings of their own in
 * it; they are passed over.
 *
 * @param version of the repository format, 1 or 2
 * @param id of the repository, 64 lower-case hexadecimal digits
 * @param polynomialHex the chunker's polynomial; whether it is a good one, the chunker decides
 * @see <a href="https://restic.readthedocs.io/en/stable/100_references.html">restic design,
 *     "Repository Layout"</a>
 */
public record RepositoryConfig(int version, String id, String polynomialHex) {

  /** The version that new repositories get: the first that compresses. */
  public static final int CURRENT_VERSION = 2;

  public RepositoryConfig {
    if (version != 1 && version != CURRENT_VERSION) {
      throw new IllegalArgumentException(
          "Repository version " + version + " is not known, only 1 and 2 are");
    }
    if (!Sha256.isHex(id)) {
      throw new IllegalArgumentException("The repository's id is not 64 hexadecimal digits");
    }
    if (polynomialHex.isEmpty()) {
      throw new IllegalArgumentException("The chunker's polynomial is missing");
    }
  }

  /** The plain bytes, to be sealed as they are. */
  public byte[] encode() {
    return new JsonOutput()
        .beginObject()
        .field("version")
        .number(version)
        .field("id")
        .string(id)
        .field("chunker_polynomial")
        .string(polynomialHex)
        .endObject()
        .toByteArray();
  }

  /**
   * Reads the plain bytes.
   *
   * @throws UnknownVersionException if a newer version says what they mean
   * @throws FormatException if they are malformed or lack a field
   */
  public static RepositoryConfig decode(byte[] json) throws FormatException {
    int version = 0;
    String id = "";
    String polynomial = "";
    try (JsonInput in = new JsonInput(json)) {
      in.beginObject();
      for (String field = in.nextField(); field != null; field = in.nextField()) {
        switch (field) {
          case "version" -> version = in.int31(field);
          case "id" -> id = in.string(field);
          case "chunker_polynomial" -> polynomial = in.string(field);
          default -> in.skip();
        }
      }
      in.end();
      if (version > CURRENT_VERSION) {
        throw new UnknownVersionException(version);
      }
      return new RepositoryConfig(version, id, polynomial);
    } catch (IllegalArgumentException e) {
      throw new FormatException(String.valueOf(e.getMessage()));
    }
  }
}
