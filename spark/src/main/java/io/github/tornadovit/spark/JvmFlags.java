package io.github.tornadovit.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;

/** The flags that a JVM needs for the engine's fast loops, and whether an executor has them. */
final class JvmFlags {
  /** Set to false, an executor without the flags computes the same several times slower. */
  static final String CHECK = "spark.tornadovit.checkFlags";

  private static final String VECTORS = "--add-modules=jdk.incubator.vector";
  private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

  private JvmFlags() {}

  /**
   * Refuses a JVM without them. Spark 4.2 gives them to every executor; a launcher of somebody
   * else's may not.
   *
   * @throws IllegalStateException that says which are missing, and the setting that gives them
   */
  static void require() {
    SparkEnv env = SparkEnv.get();
    require(
        env == null ? new SparkConf(false) : env.conf(),
        ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(),
        JvmFlags.class.getModule().isNativeAccessEnabled());
  }

  /** As {@link #require()}, for a JVM that has these. */
  static void require(SparkConf conf, boolean vectors, boolean nativeAccess) {
    List<String> missing = new ArrayList<>();
    if (!vectors) {
      missing.add(VECTORS);
    }
    if (!nativeAccess) {
      missing.add(NATIVE_ACCESS);
    }
    if (!missing.isEmpty() && conf.getBoolean(CHECK, true)) {
      String flags = String.join(" ", missing);
      throw new IllegalStateException(
          ("%s runs without %s, and would be several times slower; submit with"
                  + " --conf 'spark.executor.extraJavaOptions=%s' (and --driver-java-options '%s'"
                  + " with a master local), or with --conf %s=false to be slow")
              .formatted(Executor.place(), flags, flags, flags, CHECK));
    }
  }
}
