// SPDX-License-Identifier: Apache-2.0
// limit: a minimal fan-out server, the floor that peercoachd is measured against.
//
// One thread, epoll, TLS 1.3. A frame is four bytes of length (big-endian) and a body. The first
// frame of a connection is the 16-byte name of its room; every later one is handed, as it is, to
// all members of the room, its sender too. All that comes in within one turn of the loop is handed
// out together: one write for each connection. With -d the frames of a turn are appended to one
// file and flushed (fdatasync) before they are handed out. It checks nothing, keeps nothing and
// knows nobody.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FRAME_MAX = 69632, QUEUE_MAX = 1 << 20, EVENTS_MAX = 512, ROOMS_MAX = 4096, PEOPLE_MAX = 128 };

struct buffer {
    uint8_t *bytes;
    size_t begin, end, room;
};

struct room;

struct connection {
    int descriptor;
    SSL *tls;
    struct room *room;
    struct buffer in, out;
    int is_shaken, is_dirty, is_dead, waits_to_write;
};

struct room {
    uint8_t name[16];
    struct connection *members[PEOPLE_MAX];
    int count;
};

static struct room rooms[ROOMS_MAX];
static int room_count;
static struct connection **dirty;
static int dirty_count, dirty_room;
static int poller, log_file = -1;
static struct buffer log_turn;

static void die(const char *what) {
    perror(what);
    ERR_print_errors_fp(stderr);
    exit(1);
}

static void append(struct buffer *buffer, const void *bytes, size_t count) {
    if (buffer->end + count > buffer->room) {
        size_t used = buffer->end - buffer->begin;
        if (buffer->begin > 0) memmove(buffer->bytes, buffer->bytes + buffer->begin, used);
        buffer->begin = 0;
        buffer->end = used;
        if (used + count > buffer->room) {
            size_t room = buffer->room ? buffer->room : 1024;
            while (room < used + count) room *= 2;
            buffer->bytes = realloc(buffer->bytes, room);
            if (!buffer->bytes) die("realloc");
            buffer->room = room;
        }
    }
    memcpy(buffer->bytes + buffer->end, bytes, count);
    buffer->end += count;
}

static void forget(struct buffer *buffer) {
    free(buffer->bytes);
    *buffer = (struct buffer){0};
}

static void mark_dirty(struct connection *connection) {
    if (connection->is_dirty) return;
    connection->is_dirty = 1;
    if (dirty_count == dirty_room) {
        dirty_room = dirty_room ? 2 * dirty_room : 1024;
        dirty = realloc(dirty, dirty_room * sizeof *dirty);
        if (!dirty) die("realloc");
    }
    dirty[dirty_count++] = connection;
}

// The memory itself goes at the end of the turn, when nobody points to it any more.
static void lose(struct connection *connection) {
    if (connection->is_dead) return;
    connection->is_dead = 1;
    struct room *room = connection->room;
    for (int i = 0; room && i < room->count; i++)
        if (room->members[i] == connection) {
            room->members[i] = room->members[--room->count];
            break;
        }
    mark_dirty(connection);
}

static void join(struct connection *connection, const uint8_t *name) {
    struct room *room = NULL;
    for (int i = 0; i < room_count && !room; i++)
        if (memcmp(rooms[i].name, name, 16) == 0) room = &rooms[i];
    if (!room) {
        if (room_count == ROOMS_MAX) return lose(connection);
        room = &rooms[room_count++];
        memcpy(room->name, name, 16);
    }
    if (room->count == PEOPLE_MAX) return lose(connection);
    room->members[room->count++] = connection;
    connection->room = room;
}

static void received(struct connection *connection, const uint8_t *frame, size_t count) {
    if (!connection->room) {
        if (count == 20) join(connection, frame + 4);
        else lose(connection);
        return;
    }
    if (log_file >= 0) append(&log_turn, frame, count);
    struct room *room = connection->room;
    for (int i = room->count - 1; i >= 0; i--) {
        struct connection *member = room->members[i];
        if (member->out.end - member->out.begin + count > QUEUE_MAX) {
            lose(member);
            continue;
        }
        append(&member->out, frame, count);
        mark_dirty(member);
    }
}

static void parse(struct connection *connection) {
    struct buffer *in = &connection->in;
    while (!connection->is_dead && in->end - in->begin >= 4) {
        const uint8_t *head = in->bytes + in->begin;
        size_t length = (size_t)head[0] << 24 | head[1] << 16 | head[2] << 8 | head[3];
        if (length == 0 || length > FRAME_MAX) return lose(connection);
        if (in->end - in->begin < 4 + length) break;
        received(connection, head, 4 + length);
        in->begin += 4 + length;
    }
    if (in->begin == in->end) in->begin = in->end = 0;
}

static void wait_for(struct connection *connection, int waits_to_write) {
    if (connection->waits_to_write == waits_to_write) return;
    connection->waits_to_write = waits_to_write;
    struct epoll_event event = {
        .events = EPOLLIN | (waits_to_write ? EPOLLOUT : 0), .data.ptr = connection};
    if (epoll_ctl(poller, EPOLL_CTL_MOD, connection->descriptor, &event) < 0) die("epoll_ctl");
}

static void readable(struct connection *connection) {
    if (!connection->is_shaken) {
        int result = SSL_accept(connection->tls);
        if (result <= 0) {
            int error = SSL_get_error(connection->tls, result);
            if (error == SSL_ERROR_WANT_READ) return;
            if (error == SSL_ERROR_WANT_WRITE) return wait_for(connection, 1);
            return lose(connection);
        }
        connection->is_shaken = 1;
        wait_for(connection, 0);
    }
    static uint8_t bytes[16384];
    while (!connection->is_dead) {
        int count = SSL_read(connection->tls, bytes, sizeof bytes);
        if (count <= 0) {
            if (SSL_get_error(connection->tls, count) != SSL_ERROR_WANT_READ) lose(connection);
            return;
        }
        append(&connection->in, bytes, count);
        parse(connection);
    }
}

static void drain(struct connection *connection) {
    struct buffer *out = &connection->out;
    while (out->begin < out->end) {
        int count = SSL_write(connection->tls, out->bytes + out->begin, out->end - out->begin);
        if (count <= 0) {
            if (SSL_get_error(connection->tls, count) != SSL_ERROR_WANT_WRITE)
                return lose(connection);
            return wait_for(connection, 1);
        }
        out->begin += count;
    }
    out->begin = out->end = 0;
    wait_for(connection, 0);
}

static void end_turn(void) {
    if (log_turn.end > log_turn.begin) {
        size_t count = log_turn.end - log_turn.begin;
        if (write(log_file, log_turn.bytes + log_turn.begin, count) != (ssize_t)count) die("write");
        if (fdatasync(log_file) < 0) die("fdatasync");
        log_turn.begin = log_turn.end = 0;
    }
    for (int i = 0; i < dirty_count; i++) {
        struct connection *connection = dirty[i];
        connection->is_dirty = 0;
        if (!connection->is_dead) drain(connection);
        if (!connection->is_dead) continue;
        // A write that failed just now has put it at the end of the list once more.
        if (connection->is_dirty) continue;
        SSL_free(connection->tls);
        close(connection->descriptor);
        forget(&connection->in);
        forget(&connection->out);
        free(connection);
    }
    dirty_count = 0;
}

static void accept_all(int listener, SSL_CTX *context) {
    for (;;) {
        int descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor < 0) return;
        int yes = 1;
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        struct connection *connection = calloc(1, sizeof *connection);
        if (!connection) die("calloc");
        connection->descriptor = descriptor;
        connection->tls = SSL_new(context);
        if (!connection->tls || !SSL_set_fd(connection->tls, descriptor)) die("SSL_new");
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
        if (epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event) < 0) die("epoll_ctl");
    }
}

static SSL_CTX *make_context(const char *certificate, const char *key) {
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (!context || !SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) ||
        !SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256") ||
        SSL_CTX_use_certificate_chain_file(context, certificate) != 1 ||
        SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
        die("TLS");
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // One read(2) for a record instead of two.
    SSL_CTX_set_read_ahead(context, 1);
    return context;
}

int main(int count, char **arguments) {
    const char *certificate = NULL, *key = NULL, *log_path = NULL;
    int port = 0, option;
    while ((option = getopt(count, arguments, "p:c:k:d:")) != -1) switch (option) {
        case 'p': port = atoi(optarg); break;
        case 'c': certificate = optarg; break;
        case 'k': key = optarg; break;
        case 'd': log_path = optarg; break;
        default: return 2;
        }
    if (!certificate || !key) {
        fprintf(stderr, "usage: limit -p PORT -c CERTIFICATE.pem -k KEY.pem [-d LOG]\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    if (log_path) {
        log_file = open(log_path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
        if (log_file < 0) die(log_path);
    }
    SSL_CTX *context = make_context(certificate, key);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), yes = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(listener, (void *)&address, sizeof address) < 0 || listen(listener, 512) < 0)
        die("listen");
    poller = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event accepts = {.events = EPOLLIN, .data.ptr = NULL};
    if (poller < 0 || epoll_ctl(poller, EPOLL_CTL_ADD, listener, &accepts) < 0) die("epoll");
    for (;;) {
        struct epoll_event events[EVENTS_MAX];
        int ready = epoll_wait(poller, events, EVENTS_MAX, -1);
        if (ready < 0 && errno != EINTR) die("epoll_wait");
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            if (!connection) {
                accept_all(listener, context);
                continue;
            }
            if (connection->is_dead) continue;
            if (events[i].events & EPOLLOUT) {
                if (connection->is_shaken) mark_dirty(connection);
                else readable(connection);
            }
            if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) readable(connection);
        }
        end_turn();
    }
}
