package dev.copperplate.backup.s3;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Where a repository lies, as policies name it.
 *
 * @param partition of the ARNs: {@code aws} but in a few regions
 */
record RepositoryScope(String partition, S3Location location) {

  private static final Pattern PARTITION = Pattern.compile("aws(-[a-z]+)*");

  /** What policies give a meaning to; a store that knows no way to escape it would widen them. */
  private static final List<String> SPECIAL = List.of("*", "?", "${");

  RepositoryScope {
    if (!PARTITION.matcher(partition).matches()) {
      throw new IllegalArgumentException("No partition of AWS: " + partition);
    }
    for (String special : SPECIAL) {
      if (location.prefix().contains(special)) {
        throw new IllegalArgumentException(
            "A policy for " + location + " would mean other places too, because of " + special);
      }
    }
  }

  /** What the keys of the repository start with. */
  String prefix() {
    return location.stored("");
  }

  String bucketArn() {
    return "arn:" + partition + ":s3:::" + location.bucket();
  }

  /** The objects of the repository whose keys have that form. */
  String objects(String form) {
    return bucketArn() + "/" + location.stored(form);
  }

  /** The same for several forms. */
  List<String> objects(List<String> forms) {
    return forms.stream().map(this::objects).toList();
  }
}
