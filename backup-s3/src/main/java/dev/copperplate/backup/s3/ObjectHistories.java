package dev.copperplate.backup.s3;

import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectKey;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/**
 * The histories of all keys of a repository, in the order of keys. Listings come in pages, each in
 * that order; so a key is complete when a page ends behind it, and no more than a page is in
 * memory.
 */
final class ObjectHistories implements Cursor<ObjectHistory> {

  private final S3Client client;
  private final S3Requests requests;
  private final S3Settings settings;
  private final Instant since;
  private final String doing;

  private final SortedMap<String, ObjectHistory> open = new TreeMap<>();
  private final Deque<ObjectHistory> complete = new ArrayDeque<>();
  private @Nullable String keyMarker;
  private @Nullable String versionMarker;
  private boolean last;

  ObjectHistories(S3Client client, S3Requests requests, S3Settings settings, Instant since) {
    this.client = client;
    this.requests = requests;
    this.settings = settings;
    this.since = since;
    this.doing = "Listing of all versions in " + settings.location();
  }

  @Override
  public @Nullable ObjectHistory next() throws IOException {
    while (complete.isEmpty() && !last) {
      turn();
    }
    return complete.poll();
  }

  private void turn() throws IOException {
    ListObjectVersionsRequest request =
        ListObjectVersionsRequest.builder()
            .bucket(settings.location().bucket())
            .prefix(settings.location().stored(""))
            .keyMarker(keyMarker)
            .versionIdMarker(versionMarker)
            .overrideConfiguration(settings::limit)
            .build();
    ListObjectVersionsResponse page =
        requests.make(doing, () -> client.listObjectVersions(request));
    for (ObjectVersion version : page.versions()) {
      history(version.key()).ifPresent(each -> each.add(version));
    }
    for (DeleteMarkerEntry mark : page.deleteMarkers()) {
      history(mark.key()).ifPresent(each -> each.add(mark));
    }
    last = !Boolean.TRUE.equals(page.isTruncated());
    if (!last && !S3Versions.goesOn(request, page)) {
      throw S3Failures.unusable(doing, "goes on without saying where");
    }
    keyMarker = page.nextKeyMarker();
    versionMarker = page.nextVersionIdMarker();
    close(last ? null : keyMarker);
  }

  private Optional<ObjectHistory> history(String stored) {
    Optional<ObjectKey> key = settings.location().key(stored);
    return key.map(each -> open.computeIfAbsent(stored, any -> new ObjectHistory(each, since)));
  }

  /** What comes before the key at which the next page begins is complete. */
  private void close(@Nullable String next) {
    SortedMap<String, ObjectHistory> ended = next == null ? open : open.headMap(next);
    complete.addAll(ended.values());
    ended.clear();
  }
}
