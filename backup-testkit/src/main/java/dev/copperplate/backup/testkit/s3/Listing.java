package dev.copperplate.backup.testkit.s3;

import java.util.Set;

/** What the documents of listings have in common. */
final class Listing {

  private final boolean encoded;
  private final XmlWriter document;

  Listing(Request request, XmlWriter document) {
    String encoding = request.query().get("encoding-type", "");
    if (!Set.of("", "url").contains(encoding)) {
      throw S3Error.invalidArgument(
          "Invalid Encoding Method specified in Request", "encoding-type", encoding);
    }
    this.encoded = !encoding.isEmpty();
    this.document = document;
  }

  /** Keys and what is made of them, encoded if that was asked for. */
  String name(String key) {
    return encoded ? UriText.encodeForm(key) : key;
  }

  /** A parameter as it was given; none if it was not. */
  void parameter(Request request, String parameter, String element) {
    String value = request.query().get(parameter);
    document.element(element, value == null ? null : name(value));
  }

  void end(Page<?> page) {
    document.element("EncodingType", encoded ? "url" : null);
    for (String prefix : page.commonPrefixes()) {
      document.open("CommonPrefixes").element("Prefix", name(prefix)).close("CommonPrefixes");
    }
  }

  /** What is said of the content of a version. */
  void content(StoredObject object) {
    document.element("ETag", object.quotedTag());
    StoredChecksum checksum = object.checksum();
    if (checksum != null) {
      document
          .element("ChecksumAlgorithm", checksum.algorithm())
          .element("ChecksumType", checksum.type());
    }
    document.element("Size", object.content().length);
    document.element("StorageClass", object.storageClass());
  }

  void owner() {
    document.open("Owner").element("ID", Store.OWNER).close("Owner");
  }
}
