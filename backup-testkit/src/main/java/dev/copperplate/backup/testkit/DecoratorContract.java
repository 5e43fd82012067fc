package dev.copperplate.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Capability;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.ObjectVersion;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.VersionedTarget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every decorator of targets promises: that it answers for what it decorates, method by
 * method, those with a default and those that are added later included; that it leaves a {@link
 * VersionedTarget} one, and makes none of what is none; that it closes what it decorates.
 *
 * <p>A test extends this and decorates.
 */
public abstract class DecoratorContract {

  private static final ObjectKey KEY = new ObjectKey("data/4f/4f1c");
  private static final byte[] BYTES = "stored".getBytes(StandardCharsets.US_ASCII);
  private static final ObjectVersion VERSION =
      new ObjectVersion("1", Instant.EPOCH, Optional.empty());

  private final List<String> asked = new ArrayList<>();
  private int open;

  /** The decorator, such that it passes everything on that it can. */
  protected abstract BackupTarget decorate(BackupTarget target);

  /** The methods that it answers itself, by name; none unless a decorator refuses some. */
  protected Set<String> refused() {
    return Set.of();
  }

  @Test
  void leavesAVersionedTargetOneAndMakesNoneOfWhatIsNone() {
    assertInstanceOf(VersionedTarget.class, decorate(recording(VersionedTarget.class)));
    assertFalse(decorate(recording(BackupTarget.class)) instanceof VersionedTarget);
  }

  @Test
  void overridesEveryMethod() throws Exception {
    assertOverridesAll(BackupTarget.class);
    assertOverridesAll(VersionedTarget.class);
  }

  private void assertOverridesAll(Class<? extends BackupTarget> type) throws Exception {
    Class<?> decorator = decorate(recording(type)).getClass();
    for (Method method : methods(type)) {
      Class<?> declaring =
          decorator.getMethod(method.getName(), method.getParameterTypes()).getDeclaringClass();
      assertFalse(
          declaring.isInterface(), () -> decorator.getName() + " does not override " + method);
    }
  }

  @Test
  void forwardsEveryMethod() throws Exception {
    assertForwardsAll(BackupTarget.class);
    assertForwardsAll(VersionedTarget.class);
  }

  private void assertForwardsAll(Class<? extends BackupTarget> type) throws Exception {
    BackupTarget decorated = decorate(recording(type));
    for (Method method : methods(type)) {
      asked.clear();
      boolean refusal = refused().contains(method.getName());
      try {
        use(method.invoke(decorated, arguments(method)));
      } catch (InvocationTargetException e) {
        assertTrue(refusal, () -> method + " failed: " + e.getCause());
      }
      boolean forwarded = asked.contains(signature(method));
      assertEquals(!refusal, forwarded, () -> method + " asked for " + asked);
      assertEquals(0, open, () -> method + " left something open");
    }
  }

  private static List<Method> methods(Class<?> type) {
    return Arrays.stream(type.getMethods())
        .filter(each -> !Modifier.isStatic(each.getModifiers()))
        .toList();
  }

  private static String signature(Method method) {
    return method.getName() + Arrays.toString(method.getParameterTypes());
  }

  /** As a caller does; the answers are those of the recording target. */
  private static void use(@Nullable Object answer) throws IOException {
    if (answer instanceof InputStream stream) {
      try (stream) {
        assertEquals(
            new String(BYTES, StandardCharsets.US_ASCII),
            new String(stream.readAllBytes(), StandardCharsets.US_ASCII));
      }
    } else if (answer instanceof Cursor<?> cursor) {
      try (cursor) {
        assertInstanceOf(ObjectInfo.class, cursor.next());
      }
    } else if (answer instanceof String description) {
      assertEquals("recording", description);
    } else if (answer instanceof List<?> versions) {
      assertEquals(List.of(VERSION.id()), ids(versions));
    } else if (answer instanceof Set<?> capabilities) {
      assertTrue(capabilities.contains(Capability.VERSIONS), capabilities::toString);
    }
  }

  private static List<String> ids(List<?> versions) {
    return versions.stream().map(each -> ((ObjectVersion) each).id()).toList();
  }

  private static Object[] arguments(Method method) {
    return Arrays.stream(method.getParameterTypes()).map(DecoratorContract::argument).toArray();
  }

  private static Object argument(Class<?> type) {
    Map<Class<?>, Object> known =
        Map.of(
            ObjectKey.class,
            KEY,
            Content.class,
            Content.of(BYTES),
            PutOptions.class,
            PutOptions.DATA,
            ByteRange.class,
            ByteRange.ALL,
            String.class,
            "data/",
            Instant.class,
            Instant.MAX,
            ObjectVersion.class,
            VERSION,
            Collection.class,
            List.of(KEY));
    Object argument = known.get(type);
    if (argument == null) {
      throw new AssertionError("Teach this contract how to make a " + type);
    }
    return argument;
  }

  /** A target that notes what it is asked, counts what is open, and answers like a store. */
  private <T extends BackupTarget> T recording(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            DecoratorContract.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              asked.add(signature(method));
              return answer(method, arguments);
            }));
  }

  private @Nullable Object answer(Method method, Object[] arguments) throws IOException {
    Class<?> type = method.getReturnType();
    if (method.getName().equals("put")) {
      try (InputStream in = ((Content) arguments[1]).open()) {
        assertEquals(BYTES.length, in.readAllBytes().length);
      }
    }
    if (type == InputStream.class) {
      return stream();
    }
    return type == Cursor.class
        ? cursor()
        : Map.of(
                String.class,
                (Object) "recording",
                Set.class,
                new TreeSet<>(Set.of(Capability.VERSIONS)),
                List.class,
                List.of(VERSION),
                Map.class,
                Map.of())
            .get(type);
  }

  private InputStream stream() {
    open++;
    return new ByteArrayInputStream(BYTES) {
      @Override
      public void close() {
        open--;
      }
    };
  }

  private Cursor<ObjectInfo> cursor() {
    open++;
    Cursor<ObjectInfo> one =
        Cursor.of(List.of(new ObjectInfo(KEY, BYTES.length, Instant.EPOCH, Optional.empty())));
    return new Cursor<>() {
      @Override
      public @Nullable ObjectInfo next() throws IOException {
        return one.next();
      }

      @Override
      public void close() {
        open--;
      }
    };
  }
}
