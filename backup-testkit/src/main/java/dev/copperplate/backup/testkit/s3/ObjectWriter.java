package dev.copperplate.backup.testkit.s3;

/** What every operation that makes a version has in common. */
final class ObjectWriter {

  private final Store store;

  ObjectWriter(Store store) {
    this.store = store;
  }

  /**
   * Makes a version, if the conditions of the request hold at that moment: of several writers who
   * want to be the first one is.
   *
   * @param oddity that makes this server ignore the conditions, beside {@link
   *     Oddity#IGNORES_CONDITIONS}
   */
  StoredVersion write(
      Request request, Bucket bucket, StoredObject object, LockSettings settings, Oddity oddity) {
    synchronized (bucket) {
      if (!store.has(Oddity.IGNORES_CONDITIONS) && !store.has(oddity)) {
        Conditions.checkWrite(request, bucket.newest(request.key()), store);
      }
      StoredVersion version = store.version(bucket, object);
      settings.applyTo(version);
      bucket.add(request.key(), version);
      return version;
    }
  }

  /** The headers that answer a write. */
  static Response answer(Response response, Bucket bucket, StoredVersion version) {
    encryption(response, version.object());
    return identity(response, bucket, version);
  }

  static void encryption(Response response, StoredObject object) {
    response
        .header(ObjectHeaders.ENCRYPTION, object.headers().get(ObjectHeaders.ENCRYPTION))
        .header(ObjectHeaders.KMS_KEY, object.headers().get(ObjectHeaders.KMS_KEY));
  }

  /** A bucket that never kept versions names none. */
  static Response identity(Response response, Bucket bucket, StoredVersion version) {
    boolean named = bucket.settings().versioning() != BucketSettings.Versioning.NEVER;
    return named ? response.header("x-amz-version-id", VersionIds.of(version)) : response;
  }
}
