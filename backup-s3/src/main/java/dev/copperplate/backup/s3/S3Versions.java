package dev.copperplate.backup.s3;

import dev.copperplate.backup.ObjectKey;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/** Lists what a bucket keeps of its objects: versions, and the marks of deletions. */
final class S3Versions {

  /** From so many keys of one folder on, the folder is listed and not each key. */
  private static final int MANY = 3;

  private final S3Client client;
  private final S3Requests requests;
  private final S3Settings settings;

  S3Versions(S3Client client, S3Requests requests, S3Settings settings) {
    this.client = client;
    this.requests = requests;
    this.settings = settings;
  }

  /** Hears of versions and marks, of each key the newest first. */
  interface Visitor {
    void version(ObjectKey key, ObjectVersion version) throws IOException;

    default void mark(ObjectKey key, DeleteMarkerEntry mark) throws IOException {}
  }

  /**
   * The versions of some keys, each the oldest first, without marks. A key without any is left out.
   *
   * @param most of each key: its oldest ones, so that a flood of versions fills no memory
   */
  Map<ObjectKey, Deque<ObjectVersion>> oldest(String doing, Collection<ObjectKey> keys, int most)
      throws IOException {
    Map<ObjectKey, Deque<ObjectVersion>> oldest = new HashMap<>();
    visit(
        doing,
        keys,
        (key, version) -> {
          Deque<ObjectVersion> known = oldest.computeIfAbsent(key, any -> new ArrayDeque<>());
          known.addFirst(version);
          if (known.size() > most) {
            known.removeLast();
          }
        });
    return oldest;
  }

  /** Visits what is kept of some objects. */
  void visit(String doing, Collection<ObjectKey> keys, Visitor visitor) throws IOException {
    Map<String, Set<ObjectKey>> folders =
        keys.stream().collect(Collectors.groupingBy(S3Versions::folder, Collectors.toSet()));
    for (Map.Entry<String, Set<ObjectKey>> folder : folders.entrySet()) {
      if (folder.getValue().size() < MANY) {
        for (ObjectKey key : folder.getValue()) {
          list(doing, key.value(), Set.of(key), visitor);
        }
      } else {
        list(doing, folder.getKey(), folder.getValue(), visitor);
      }
    }
  }

  private static String folder(ObjectKey key) {
    return key.value().substring(0, key.value().lastIndexOf('/') + 1);
  }

  /** Visits what is kept of all objects. */
  void visitAll(String doing, Visitor visitor) throws IOException {
    list(doing, "", null, visitor);
  }

  private void list(String doing, String prefix, @Nullable Set<ObjectKey> wanted, Visitor visitor)
      throws IOException {
    ListObjectVersionsRequest.Builder request =
        ListObjectVersionsRequest.builder()
            .bucket(settings.location().bucket())
            .prefix(settings.location().stored(prefix))
            .overrideConfiguration(settings::limit);
    boolean last = false;
    while (!last) {
      ListObjectVersionsResponse page = page(doing, request.build());
      tell(page, wanted, visitor);
      last = !Boolean.TRUE.equals(page.isTruncated());
      request.keyMarker(page.nextKeyMarker()).versionIdMarker(page.nextVersionIdMarker());
    }
  }

  private ListObjectVersionsResponse page(String doing, ListObjectVersionsRequest request)
      throws IOException {
    ListObjectVersionsResponse page =
        requests.make(doing, () -> client.listObjectVersions(request));
    if (page.name() == null) {
      throw S3Failures.unusable(doing, "is no listing");
    }
    if (Boolean.TRUE.equals(page.isTruncated()) && !goesOn(request, page)) {
      throw S3Failures.unusable(doing, "goes on without saying where");
    }
    return page;
  }

  /** Whether a page that is not the last says where the next one begins. */
  static boolean goesOn(ListObjectVersionsRequest from, ListObjectVersionsResponse page) {
    boolean same =
        Objects.equals(page.nextKeyMarker(), from.keyMarker())
            && Objects.equals(page.nextVersionIdMarker(), from.versionIdMarker());
    return page.nextKeyMarker() != null && !same;
  }

  private void tell(
      ListObjectVersionsResponse page, @Nullable Set<ObjectKey> wanted, Visitor visitor)
      throws IOException {
    for (ObjectVersion version : page.versions()) {
      ObjectKey key = wantedOrNull(version.key(), wanted);
      if (key != null) {
        visitor.version(key, version);
      }
    }
    for (DeleteMarkerEntry mark : page.deleteMarkers()) {
      ObjectKey key = wantedOrNull(mark.key(), wanted);
      if (key != null) {
        visitor.mark(key, mark);
      }
    }
  }

  private @Nullable ObjectKey wantedOrNull(String stored, @Nullable Set<ObjectKey> wanted) {
    return settings
        .location()
        .key(stored)
        .filter(key -> wanted == null || wanted.contains(key))
        .orElse(null);
  }
}
