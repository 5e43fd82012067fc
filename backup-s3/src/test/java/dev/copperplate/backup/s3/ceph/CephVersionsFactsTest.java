package dev.copperplate.backup.s3.ceph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Object;

class CephVersionsFactsTest extends CephFacts {

  private static final String NO_VERSION = "abcdefghijklmnopqrstuvwxyz01234";

  @Test
  void saysNothingOfVersionsUntilTheyWereSwitchedOn() {
    String bucket = ceph.bucket();
    assertNull(s3.getBucketVersioning(each -> each.bucket(bucket)).status());
    String versioned = versionedBucket();
    assertEquals(
        BucketVersioningStatus.ENABLED,
        s3.getBucketVersioning(each -> each.bucket(versioned)).status());
  }

  @Test
  void listsKeysInOrderAndTheVersionsOfEachNewestFirst() {
    String bucket = ceph.bucket();
    put(bucket, "a", "0");
    s3.putBucketVersioning(
        each -> each.bucket(bucket).versioningConfiguration(v -> v.status("Enabled")));
    String b1 = put(bucket, "b", "1");
    String a1 = put(bucket, "a", "1");
    String a2 = put(bucket, "a", "2");
    List<ObjectVersion> listed = s3.listObjectVersions(each -> each.bucket(bucket)).versions();
    assertEquals(
        List.of(a2, a1, "null", b1), listed.stream().map(ObjectVersion::versionId).toList());
    assertEquals(
        List.of(true, false, false, true), listed.stream().map(ObjectVersion::isLatest).toList());
    assertEquals("0", read(bucket, "a", "null"));
  }

  @Test
  void listsVersionsAndMarkersInPages() {
    String bucket = versionedBucket();
    List<String> all = new ArrayList<>();
    for (String key : List.of("a", "b")) {
      for (int each = 0; each < 3; each++) {
        all.add(put(bucket, key, "text"));
      }
      all.add(delete(bucket, key).versionId());
    }
    List<String> listed = new ArrayList<>();
    ListObjectVersionsResponse page = page(bucket, null, null);
    while (page.isTruncated()) {
      listed.addAll(ids(page));
      page = page(bucket, page.nextKeyMarker(), page.nextVersionIdMarker());
    }
    listed.addAll(ids(page));
    assertEquals(all.stream().sorted().toList(), listed.stream().sorted().toList());
  }

  private ListObjectVersionsResponse page(String bucket, String key, String version) {
    return s3.listObjectVersions(
        each -> each.bucket(bucket).maxKeys(3).keyMarker(key).versionIdMarker(version));
  }

  private static List<String> ids(ListObjectVersionsResponse page) {
    return Stream.concat(
            page.versions().stream().map(ObjectVersion::versionId),
            page.deleteMarkers().stream().map(DeleteMarkerEntry::versionId))
        .toList();
  }

  @Test
  void hidesADeletedObjectBehindAMarker() {
    String bucket = versionedBucket();
    String version = put(bucket, "a", "text");
    DeleteObjectResponse marker = delete(bucket, "a");
    assertTrue(marker.deleteMarker());
    assertRefused("404 NoSuchKey", () -> read(bucket, "a"));
    assertTrue(s3.listObjectsV2(each -> each.bucket(bucket)).contents().isEmpty());
    assertEquals("text", read(bucket, "a", version));
    s3.deleteObject(each -> each.bucket(bucket).key("a").versionId(marker.versionId()));
    assertEquals("text", read(bucket, "a"));
  }

  /** Amazon says 405 MethodNotAllowed. */
  @Test
  void knowsNoObjectAtTheVersionOfAMarker() {
    String bucket = versionedBucket();
    put(bucket, "a", "text");
    String marker = delete(bucket, "a").versionId();
    assertRefused("404 NoSuchKey", () -> read(bucket, "a", marker));
  }

  /** Amazon says 400 InvalidArgument for ids that cannot be, else 404 NoSuchVersion. */
  @Test
  void knowsNoObjectAtAVersionThatIsNot() {
    String bucket = versionedBucket();
    put(bucket, "a", "text");
    assertRefused("404 NoSuchKey", () -> read(bucket, "a", NO_VERSION));
    s3.deleteObject(each -> each.bucket(bucket).key("a").versionId(NO_VERSION));
    assertEquals("text", read(bucket, "a"));
  }

  /** Amazon makes a second one. */
  @Test
  void makesNoMarkerForWhatIsHiddenAlready() {
    String bucket = versionedBucket();
    put(bucket, "a", "text");
    delete(bucket, "a");
    assertNull(delete(bucket, "a").versionId());
    assertEquals(1, s3.listObjectVersions(each -> each.bucket(bucket)).deleteMarkers().size());
  }

  @Test
  void makesAMarkerForWhatNeverWas() {
    String bucket = versionedBucket();
    assertTrue(delete(bucket, "a").deleteMarker());
  }

  @Test
  void readsRangesOfEarlierVersions() {
    String bucket = versionedBucket();
    String version = put(bucket, "a", "first");
    put(bucket, "a", "second");
    assertEquals(
        "irs",
        s3.getObjectAsBytes(
                each -> each.bucket(bucket).key("a").versionId(version).range("bytes=1-3"))
            .asUtf8String());
  }

  @Test
  void copiesAnEarlierVersionOverItsOwnKey() {
    String bucket = versionedBucket();
    String version = put(bucket, "a", "first");
    put(bucket, "a", "second");
    s3.copyObject(
        each ->
            each.sourceBucket(bucket)
                .sourceKey("a")
                .sourceVersionId(version)
                .destinationBucket(bucket)
                .destinationKey("a"));
    assertEquals("first", read(bucket, "a"));
    assertEquals(3, versions(bucket, "a").size());
    assertNotEquals(version, versions(bucket, "a").get(0));
  }

  @Test
  void refusesToCopyTheCurrentVersionOverItself() {
    String bucket = versionedBucket();
    put(bucket, "a", "text");
    assertRefused(
        "400 InvalidRequest",
        () ->
            s3.copyObject(
                each ->
                    each.sourceBucket(bucket)
                        .sourceKey("a")
                        .destinationBucket(bucket)
                        .destinationKey("a")));
  }

  @Test
  void listsAThousandKeysAPageAtMost() {
    String bucket = ceph.bucket();
    assertEquals(1000, s3.listObjectsV2(each -> each.bucket(bucket).maxKeys(5000)).maxKeys());
  }

  @Test
  void listsFromAnyNameOn() {
    String bucket = ceph.bucket();
    List.of("data/00/a", "data/ff/a", "data/ff/b").forEach(key -> put(bucket, key, "text"));
    assertEquals(
        List.of("data/ff/a", "data/ff/b"),
        s3.listObjectsV2(each -> each.bucket(bucket).startAfter("data/ff")).contents().stream()
            .map(S3Object::key)
            .toList());
    assertFalse(s3.listObjectsV2(each -> each.bucket(bucket)).isTruncated());
  }

  private DeleteObjectResponse delete(String bucket, String key) {
    return s3.deleteObject(each -> each.bucket(bucket).key(key));
  }
}
