package io.github.tornadovit.engine.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.engine.AttentionToken;
import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.Pooling;
import io.github.tornadovit.engine.Session;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.image.RgbImage;
import io.github.tornadovit.engine.service.BatchingService;
import io.github.tornadovit.engine.service.ServiceClosedException;
import io.github.tornadovit.engine.service.ServiceOptions;
import io.github.tornadovit.engine.stage.Stage;
import io.github.tornadovit.kernels.backend.Backend;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.kernels.backend.CpuBackend;
import io.github.tornadovit.kernels.backend.Plan;
import io.github.tornadovit.kernels.backend.ReferenceBackend;
import io.github.tornadovit.kernels.cpu.CpuDevice;
import io.github.tornadovit.kernels.cpu.ScalarLoops;
import io.github.tornadovit.kernels.cpu.ThreadTeam;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.tornado.TornadoBackend;
import io.github.tornadovit.testing.Golden;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * Everything public that is closed: closing it twice does nothing, using it afterwards is an {@link
 * IllegalStateException} that says so, or the future of a request that fails so. Classes are found
 * on the class path, so that a new one is not forgotten.
 */
class LifeCycleTest {
  private static final Path FOLDER = Golden.path("models/vit");
  private static final RgbImage IMAGE = RgbImage.of(2, 2, new byte[12]);
  private static final Buffer X = new Buffer("x", 1, 2);
  private static final Buffer Y = new Buffer("y", 1, 1);
  private static final Program SUM =
      new Program.Builder(X)
          .then(Linear.of(X, Weight.of("w", 1, 2, new float[] {1, 1}), null, Y))
          .output(Y)
          .build();

  /** Something opened, and what uses it. */
  private record Opened(AutoCloseable object, List<ThrowingCallable> uses) {
    Opened(AutoCloseable object, ThrowingCallable... uses) {
      this(object, List.of(uses));
    }
  }

  private interface Opener {
    Opened open();
  }

  private static final Map<Class<?>, Opener> ALL = new LinkedHashMap<>();

  static {
    ALL.put(Checkpoint.class, LifeCycleTest::checkpoint);
    ALL.put(VisionModel.class, LifeCycleTest::model);
    ALL.put(Session.class, LifeCycleTest::session);
    ALL.put(BatchingService.class, LifeCycleTest::service);
    ALL.put(ReferenceBackend.class, () -> backend(new ReferenceBackend()));
    ALL.put(CpuBackend.class, () -> backend(new CpuBackend(2)));
    ALL.put(TornadoBackend.class, () -> backend(new TornadoBackend()));
    ALL.put(Plan.class, LifeCycleTest::plan);
    ALL.put(Backend.class, () -> backend(new CpuBackend(1)));
    ALL.put(
        ThreadTeam.class,
        () -> {
          ThreadTeam team = new ThreadTeam(2);
          return new Opened(team, () -> team.run(2, (task, worker) -> {}));
        });
    ALL.put(
        CpuDevice.class,
        () -> {
          CpuDevice device = CpuDevice.open(new ScalarLoops(), 2);
          return new Opened(device, () -> device.team().run(2, (task, worker) -> {}));
        });
  }

  private static Opened checkpoint() {
    Checkpoint checkpoint = Checkpoint.open(FOLDER);
    TensorView tensor = checkpoint.tensors().values().iterator().next();
    return new Opened(
        checkpoint,
        checkpoint::weights,
        checkpoint::unread,
        checkpoint::digest,
        tensor::toArray,
        tensor::unload);
  }

  private static VisionModel load() {
    return VisionModel.load(
        FOLDER, ModelOptions.defaults().withBackend(BackendChoice.CPU).withThreads(2));
  }

  private static Opened model() {
    VisionModel model = load();
    Pixels pixels = model.imageProcessor().pixels(IMAGE);
    Feature feature = Feature.of(Pooling.CLS);
    return new Opened(
        model,
        () -> model.classify(List.of(IMAGE)),
        () -> model.classify(pixels),
        () -> model.session().run(pixels, Set.of(Stage.LOGITS)),
        () -> model.embed(List.of(IMAGE), feature),
        () -> model.embed(pixels, feature),
        () -> model.attention().layers(pixels, 0),
        () -> model.attention().rollout(pixels, AttentionToken.CLS),
        () -> model.session().profile(1),
        () -> model.session().writeKernelSources(Path.of("none"), 1),
        () -> model.session().warmUp(),
        () -> model.session().maxBatch(),
        () -> model.session().maxBatch(feature.stage()),
        model::digest);
  }

  private static Opened session() {
    Checkpoint checkpoint = Checkpoint.open(FOLDER);
    Session session =
        Session.open(checkpoint, ModelOptions.defaults().withBackend(BackendChoice.CPU));
    int side = session.config().imageSize().height();
    Pixels pixels = Pixels.of(1, 3, side, side, new float[3 * side * side]);
    return new Opened(
        () -> {
          session.close();
          checkpoint.close();
        },
        () -> session.run(pixels, Set.of(Stage.LOGITS)),
        () -> session.profile(1),
        session::maxBatch,
        () -> session.warmUp());
  }

  private static Opened service() {
    VisionModel model = load();
    BatchingService<Classification> service =
        BatchingService.classifying(model, ServiceOptions.defaults());
    AutoCloseable both =
        () -> {
          service.close();
          model.close();
        };
    return new Opened(
        both,
        () -> answer(service.submit(IMAGE)),
        () -> answer(service.submit(Path.of("none.png"))),
        () -> answer(service.submit(new byte[3], "bytes")),
        service::warmUp);
  }

  /** What a future failed with. */
  private static void answer(CompletableFuture<?> future) {
    try {
      future.join();
    } catch (CompletionException failure) {
      // A service refuses, as an executor does.
      assertThat(failure).hasCauseInstanceOf(ServiceClosedException.class);
      throw new IllegalStateException(failure.toString(), failure);
    }
  }

  private static Opened backend(Backend backend) {
    Plan plan = backend.plan(SUM, 1);
    return new Opened(backend, () -> backend.plan(SUM, 1), () -> plan.run(new float[2], 1));
  }

  private static Opened plan() {
    Plan plan = new CpuBackend(1).plan(SUM, 1);
    plan.run(new float[2], 1);
    return new Opened(plan, () -> plan.run(new float[2], 1), () -> plan.profile(new float[2], 1));
  }

  @Test
  void everythingThatIsClosedIsLookedAt() throws IOException, URISyntaxException {
    Set<Class<?>> found = new LinkedHashSet<>();
    for (Class<?> one : List.of(Checkpoint.class, Backend.class, VisionModel.class)) {
      Path module = Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
      // A folder, or in a build of all modules a jar.
      try (FileSystem jar = Files.isDirectory(module) ? null : FileSystems.newFileSystem(module);
          Stream<Path> files = Files.walk(jar == null ? module : jar.getPath("/"))) {
        Path classes = jar == null ? module : jar.getPath("/");
        Set<String> exported = exported(classes);
        for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
          Path relative = classes.relativize(file);
          String name = relative.toString().replace('/', '.').replaceFirst("[.]class$", "");
          if (exported.contains(name.substring(0, Math.max(name.lastIndexOf('.'), 0)))) {
            Class<?> type = load(name);
            if (AutoCloseable.class.isAssignableFrom(type)
                && Modifier.isPublic(type.getModifiers())) {
              found.add(type);
            }
          }
        }
      }
    }
    assertThat(ALL.keySet()).containsExactlyInAnyOrderElementsOf(found);
  }

  /** The packages that the module of these classes exports, to everybody or to our own. */
  private static Set<String> exported(Path classes) throws IOException {
    try (var descriptor = Files.newInputStream(classes.resolve("module-info.class"))) {
      return Set.copyOf(
          ModuleDescriptor.read(descriptor).exports().stream()
              .map(ModuleDescriptor.Exports::source)
              .toList());
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, LifeCycleTest.class.getClassLoader());
    } catch (ClassNotFoundException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Test
  void closedTwiceIsClosedOnceAndUseAfterwardsIsRefused() throws Exception {
    int faults = 0;
    for (Map.Entry<Class<?>, Opener> one : ALL.entrySet()) {
      String name = one.getKey().getSimpleName();
      Opened opened = one.getValue().open();
      opened.object().close();
      opened.object().close();
      for (int i = 0; i < opened.uses().size(); i++) {
        Throwable failure = catchThrowable(opened.uses().get(i));
        assertThat(failure)
            .as(name + ", use " + i)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("closed");
        faults++;
      }
    }
    System.out.printf("use after close: %d faults%n", faults);
  }

  @Test
  void anInterruptDuringLoadingIsAnErrorThatSaysSo() throws IOException {
    Thread.currentThread().interrupt();
    Throwable failure = catchThrowable(LifeCycleTest::load);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure).isInstanceOf(CheckpointException.class).hasMessageContaining("interrupted");
    Held.assertNothingOf(FOLDER);
    load().close();
    System.out.println("interrupt: 1 fault");
  }
}
