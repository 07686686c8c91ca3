package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.kernels.backend.Unusable;
import java.io.Serializable;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task1;

/**
 * Which TornadoVM is in this JVM, and whether these classes are compiled for it. From 6 on it finds
 * the method of a kernel through the serialised form of its lambda, which only a lambda has that
 * was compiled against an API whose functions are serialisable; up to 5 it reads the class of the
 * lambda and takes both.
 */
final class TornadoRelease {
  private static final Pattern JAR = Pattern.compile(".*/tornado-runtime-(\\d[^/]*)\\.jar");

  private TornadoRelease() {}

  /** The version in the name of the runtime's jar; null without one. */
  static @Nullable String version() {
    return ModuleLayer.boot()
        .configuration()
        .findModule("tornado.runtime")
        .map(ResolvedModule::reference)
        .flatMap(ModuleReference::location)
        .map(TornadoRelease::version)
        .orElse(null);
  }

  private static @Nullable String version(URI jar) {
    Matcher name = JAR.matcher(jar.toString());
    return name.matches() ? name.group(1) : null;
  }

  /**
   * Refuses a TornadoVM that would not find the kernels of these classes.
   *
   * @throws IncompatibleClassChangeError if it would not
   */
  static void requireSameApi() {
    Task1<String> kernel = TornadoRelease::anyKernel;
    if (Serializable.class.isAssignableFrom(Task1.class)
        && !Serializable.class.isInstance(kernel)) {
      throw new IncompatibleClassChangeError(
          "it finds kernels through serialised lambdas, which these are not");
    }
  }

  @SuppressWarnings("unused") // As a kernel is.
  private static void anyKernel(String argument) {}

  /**
   * These classes were compiled against another TornadoVM.
   *
   * @param detail what does not fit
   */
  static Unusable otherApi(String detail) {
    return new Unusable(
        "tornado-vit was compiled against another TornadoVM than %s: %s"
            .formatted(version() == null ? "the one in use" : version(), detail),
        "build it again with TORNADOVM_HOME naming this SDK, or without any");
  }
}
