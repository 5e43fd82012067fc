package dev.copperplate.backup.s3.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.testkit.s3.BucketOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Versions, markers, and their listing. */
class FakeS3VersionsTest extends FakeS3Suite {

  @BeforeEach
  void makeBucket() {
    fake.createBucket(BUCKET, BucketOptions.versioned());
  }

  private ListObjectVersionsResponse versions() {
    return client.listObjectVersions(r -> r.bucket(BUCKET));
  }

  @Test
  void everyVersionCanBeReadAndTheNewestIsCurrent() {
    String first = put("k", "1").versionId();
    String second = put("k", "2").versionId();

    assertEquals("2", get("k"));
    assertEquals("1", get("k", first));
    assertEquals("2", get("k", second));
  }

  @Test
  void deletingMakesAMarkerAndDeletingTheMarkerBringsTheObjectBack() {
    String version = put("k", "1").versionId();

    DeleteObjectResponse deleted = client.deleteObject(r -> r.bucket(BUCKET).key("k"));
    assertTrue(deleted.deleteMarker());
    assertEquals("true", markerOf(assertRefused(404, "NoSuchKey", () -> get("k"))));
    assertEquals("1", get("k", version));
    assertEquals(
        "true",
        markerOf(assertRefused(405, "MethodNotAllowed", () -> get("k", deleted.versionId()))));

    DeleteObjectResponse gone =
        client.deleteObject(r -> r.bucket(BUCKET).key("k").versionId(deleted.versionId()));
    assertTrue(gone.deleteMarker());
    assertEquals("1", get("k"));
  }

  private static String markerOf(S3Exception refused) {
    return refused
        .awsErrorDetails()
        .sdkHttpResponse()
        .firstMatchingHeader("x-amz-delete-marker")
        .orElse("none");
  }

  @Test
  void aListingHasTheNewestOfEachKeyFirst() {
    put("b", "1");
    String second = put("b", "2").versionId();
    put("a", "3");
    client.deleteObject(r -> r.bucket(BUCKET).key("a"));

    ListObjectVersionsResponse listed = versions();

    assertEquals(
        List.of("a false", "b true", "b false"),
        listed.versions().stream().map(each -> each.key() + " " + each.isLatest()).toList());
    assertEquals(second, listed.versions().get(1).versionId());
    DeleteMarkerEntry marker = listed.deleteMarkers().get(0);
    assertEquals("a", marker.key());
    assertTrue(marker.isLatest());
  }

  @Test
  void pagesOfVersionsJoinToTheWholeWhateverTheirSize() {
    for (int number = 0; number < 12; number++) {
      put("key/" + number % 4, Integer.toString(number));
    }
    List<String> whole = versions().versions().stream().map(ObjectVersion::versionId).toList();
    for (int size = 1; size < 13; size++) {
      int most = size;
      List<String> joined = new ArrayList<>();
      client
          .listObjectVersionsPaginator(r -> r.bucket(BUCKET).maxKeys(most))
          .versions()
          .forEach(each -> joined.add(each.versionId()));
      assertEquals(whole, joined);
    }
  }

  @Test
  void aPageGoesOnBehindAVersionThatIsGoneByThen() {
    for (int number = 0; number < 4; number++) {
      put("k", Integer.toString(number));
    }
    ListObjectVersionsResponse first = client.listObjectVersions(r -> r.bucket(BUCKET).maxKeys(2));
    client.deleteObject(r -> r.bucket(BUCKET).key("k").versionId(first.nextVersionIdMarker()));

    ListObjectVersionsResponse second =
        client.listObjectVersions(
            r ->
                r.bucket(BUCKET)
                    .keyMarker(first.nextKeyMarker())
                    .versionIdMarker(first.nextVersionIdMarker()));

    assertEquals(2, second.versions().size());
    assertFalse(second.isTruncated());
  }

  @Test
  void aVersionThatNeverWasAndOneThatCannotBeDiffer() {
    put("k", "1");
    String version = put("other", "1").versionId();

    assertRefused(404, "NoSuchVersion", () -> get("k", version));
    assertRefused(400, "InvalidArgument", () -> get("k", "no-version"));
  }

  @Test
  void whileVersioningIsSuspendedOneNullVersionIsReplaced() {
    String kept = put("k", "1").versionId();
    client.putBucketVersioning(
        r ->
            r.bucket(BUCKET)
                .versioningConfiguration(c -> c.status(BucketVersioningStatus.SUSPENDED)));
    put("k", "2");
    put("k", "3");

    assertEquals(
        List.of("null", kept),
        versions().versions().stream().map(ObjectVersion::versionId).toList());
    assertEquals("3", get("k", "null"));
    client.deleteObject(r -> r.bucket(BUCKET).key("k"));
    assertEquals("null", versions().deleteMarkers().get(0).versionId());
    assertEquals(
        List.of(kept), versions().versions().stream().map(ObjectVersion::versionId).toList());
  }

  @Test
  void aBucketThatNeverKeptVersionsNamesNone() {
    fake.createBucket("plain");

    assertNull(client.getBucketVersioning(r -> r.bucket("plain")).status());
    assertNull(client.putObject(r -> r.bucket("plain").key("k"), RequestBody.empty()).versionId());
    ObjectVersion version = client.listObjectVersions(r -> r.bucket("plain")).versions().get(0);
    assertEquals("null", version.versionId());
  }
}
