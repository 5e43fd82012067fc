package dev.copperplate.backup.s3.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.testkit.s3.BucketOptions;
import dev.copperplate.backup.testkit.s3.FakeS3;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Listings of objects. */
class FakeS3ListTest extends FakeS3Suite {

  @BeforeEach
  void makeBucket() {
    fake.createBucket(BUCKET);
  }

  private static List<String> keys(ListObjectsV2Response response) {
    return response.contents().stream().map(S3Object::key).toList();
  }

  private static List<String> prefixes(ListObjectsV2Response response) {
    return response.commonPrefixes().stream().map(CommonPrefix::prefix).toList();
  }

  private void seed(String... keys) {
    fake.seed(BUCKET, keys.length, number -> keys[number], 3);
  }

  @Test
  void keysWithAPrefixAreListedInTheOrderOfTheirBytes() {
    seed("b", "a/2", "a/10", "a", "B", "a/\uD83D\uDE00", "a/\uFF21", "a0");

    assertEquals(
        List.of("B", "a", "a/10", "a/2", "a/\uFF21", "a/\uD83D\uDE00", "a0", "b"),
        keys(client.listObjectsV2(r -> r.bucket(BUCKET))));
    assertEquals(
        List.of("a/10", "a/2", "a/\uFF21", "a/\uD83D\uDE00"),
        keys(client.listObjectsV2(r -> r.bucket(BUCKET).prefix("a/"))));
  }

  @Test
  void aDelimiterFoldsWhatLiesBehindIt() {
    seed("a", "data/1/x", "data/1/y", "data/2", "data0", "index/1");

    ListObjectsV2Response top = client.listObjectsV2(r -> r.bucket(BUCKET).delimiter("/"));
    ListObjectsV2Response data =
        client.listObjectsV2(r -> r.bucket(BUCKET).prefix("data/").delimiter("/"));

    assertEquals(List.of("a", "data0"), keys(top));
    assertEquals(List.of("data/", "index/"), prefixes(top));
    assertEquals(4, top.keyCount());
    assertEquals(List.of("data/2"), keys(data));
    assertEquals(List.of("data/1/"), prefixes(data));
  }

  @Test
  void pagesJoinToTheWholeWhateverTheirSizeAndDelimiter() {
    seed("a", "b/1", "b/2", "b/c/3", "c", "d/", "d/1", "e/1", "f");
    for (String delimiter : Arrays.asList(null, "/")) {
      ListObjectsV2Request whole =
          ListObjectsV2Request.builder().bucket(BUCKET).delimiter(delimiter).build();
      ListObjectsV2Response expected = client.listObjectsV2(whole);
      for (int size = 1; size < 11; size++) {
        ListObjectsV2Request paged = whole.toBuilder().maxKeys(size).build();
        List<String> keys = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        for (ListObjectsV2Response page : client.listObjectsV2Paginator(paged)) {
          assertTrue(page.keyCount() <= size);
          keys.addAll(keys(page));
          prefixes.addAll(prefixes(page));
        }
        assertEquals(keys(expected), keys);
        assertEquals(prefixes(expected), prefixes);
      }
    }
  }

  @Test
  void aListingBeginsBehindAKey() {
    seed("a", "b", "c");

    assertEquals(List.of("c"), keys(client.listObjectsV2(r -> r.bucket(BUCKET).startAfter("b"))));
    assertEquals(
        List.of("b", "c"), keys(client.listObjectsV2(r -> r.bucket(BUCKET).startAfter("aa"))));
  }

  @Test
  void hostileKeysSurviveTheListing() {
    List<String> hostile =
        List.of("a//b", "a\u0001b", "a b+c%20d", "a&b<c>\"'", "../x", "\u00e9\u4e2d", "a\nb\tc\r");
    hostile.forEach(key -> put(key, key));

    List<String> listed =
        keys(client.listObjectsV2(r -> r.bucket(BUCKET).encodingType(EncodingType.URL)));

    assertEquals(new TreeSet<>(hostile), new TreeSet<>(listed));
    hostile.forEach(key -> assertEquals(key, get(key)));
  }

  /** XML 1.0 cannot hold the key, and the SDK asks for no encoding by itself. */
  @Test
  void aKeyWithAControlCharacterSpoilsAListingThatIsNotEncoded() {
    put("a\u0001b", "1");

    assertThrows(SdkClientException.class, () -> client.listObjectsV2(r -> r.bucket(BUCKET)));
  }

  @Test
  void keysLongerThanTheLimitAreRefused() {
    put("k".repeat(1024), "1");

    assertRefused(400, "KeyTooLongError", () -> put("k".repeat(1025), "1"));
    assertRefused(400, "KeyTooLongError", () -> put("\u00e9".repeat(513), "1"));
  }

  @Test
  void aTokenThatIsNoneIsRefused() {
    assertRefused(
        400,
        "InvalidArgument",
        () -> client.listObjectsV2(r -> r.bucket(BUCKET).continuationToken("a")));
  }

  @Test
  void noMoreThanAThousandComeAtOnce() {
    fake.seed(BUCKET, 1001, number -> "k" + number, 0);

    ListObjectsV2Response page = client.listObjectsV2(r -> r.bucket(BUCKET).maxKeys(5000));

    assertEquals(1000, page.contents().size());
    assertTrue(page.isTruncated());
    assertEquals(0, client.listObjectsV2(r -> r.bucket(BUCKET).maxKeys(0)).keyCount());
  }

  @Test
  void aMillionKeysFitAndAreListedFromAnywhere() {
    fake.seed(BUCKET, 1_000_000, number -> "data/" + (100 + number % 256) + "/" + number, 4);

    ListObjectsV2Response folded =
        client.listObjectsV2(r -> r.bucket(BUCKET).prefix("data/").delimiter("/"));
    ListObjectsV2Response last =
        client.listObjectsV2(r -> r.bucket(BUCKET).startAfter("data/355/9999"));

    assertEquals(256, folded.commonPrefixes().size());
    assertFalse(folded.isTruncated());
    assertEquals("data/355/999935", last.contents().get(0).key());
    assertEquals(4, last.contents().get(0).size());
  }

  @Test
  void aServerThatListsLateShowsWhatIsNewOnlyAfterSomeRequests() {
    try (FakeS3 late = FakeS3.builder().listsLate(2).start();
        S3Client asking = S3Clients.usual(late)) {
      late.createBucket(BUCKET, BucketOptions.versioned());
      asking.putObject(r -> r.bucket(BUCKET).key("k"), RequestBody.fromString("1"));

      assertEquals(
          "1",
          asking.getObjectAsBytes(r -> r.bucket(BUCKET).key("k")).asString(StandardCharsets.UTF_8));
      assertEquals(List.of(), keys(asking.listObjectsV2(r -> r.bucket(BUCKET))));
      assertEquals(List.of("k"), keys(asking.listObjectsV2(r -> r.bucket(BUCKET))));
      asking.deleteObject(r -> r.bucket(BUCKET).key("k"));
      assertEquals(List.of("k"), keys(asking.listObjectsV2(r -> r.bucket(BUCKET))));
      late.settle();
      assertEquals(List.of(), keys(asking.listObjectsV2(r -> r.bucket(BUCKET))));
    }
  }
}
