SET default_transaction_read_only = off;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
CREATE ROLE ann;
ALTER ROLE ann WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS VALID UNTIL 'infinity';
CREATE ROLE app;
ALTER ROLE app WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 20 VALID UNTIL 'infinity';
CREATE ROLE batch;
ALTER ROLE batch WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS VALID UNTIL 'infinity';
CREATE ROLE bob;
ALTER ROLE bob WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS VALID UNTIL 'infinity';
CREATE ROLE breakglass;
ALTER ROLE breakglass WITH NOSUPERUSER NOINHERIT CREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS VALID UNTIL 'infinity';
CREATE ROLE dba;
ALTER ROLE dba WITH SUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS VALID UNTIL 'infinity';
CREATE ROLE deploy;
ALTER ROLE deploy WITH NOSUPERUSER INHERIT NOCREATEROLE CREATEDB LOGIN NOREPLICATION NOBYPASSRLS VALID UNTIL '2031-01-01 01:00:00+01';
CREATE ROLE ledger_owner;
ALTER ROLE ledger_owner WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS VALID UNTIL 'infinity';
CREATE ROLE probe;
ALTER ROLE probe WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS VALID UNTIL 'infinity';
CREATE ROLE readers;
ALTER ROLE readers WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS VALID UNTIL 'infinity';
CREATE ROLE replicator;
ALTER ROLE replicator WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN REPLICATION BYPASSRLS VALID UNTIL 'infinity';
CREATE ROLE shop_owner;
ALTER ROLE shop_owner WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS VALID UNTIL 'infinity';
CREATE ROLE writers;
ALTER ROLE writers WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS VALID UNTIL 'infinity';
ALTER ROLE app SET search_path TO 'app', '$user', 'public';
ALTER ROLE app SET statement_timeout TO '30000';
ALTER ROLE app SET idle_in_transaction_session_timeout TO '60000';
ALTER ROLE batch SET role TO 'writers';
GRANT pg_monitor TO batch GRANTED BY postgres;
GRANT readers TO ann GRANTED BY postgres;
GRANT readers TO bob GRANTED BY postgres;
GRANT readers TO deploy WITH ADMIN OPTION GRANTED BY postgres;
GRANT writers TO ann GRANTED BY postgres;
GRANT writers TO app GRANTED BY postgres;
GRANT writers TO batch GRANTED BY postgres;
\connect template1
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE DATABASE ledger WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = libc LOCALE = 'C';
ALTER DATABASE ledger OWNER TO ledger_owner;
\connect ledger
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE SCHEMA books;
ALTER SCHEMA books OWNER TO ledger_owner;
CREATE EXTENSION IF NOT EXISTS postgres_fdw WITH SCHEMA public;
CREATE FUNCTION books.balance() RETURNS numeric
    LANGUAGE sql
    AS $$SELECT 0::numeric$$;
ALTER FUNCTION books.balance() OWNER TO ledger_owner;
CREATE PROCEDURE books.close_year()
    LANGUAGE sql
    AS $$SELECT$$;
ALTER PROCEDURE books.close_year() OWNER TO ledger_owner;
CREATE SERVER warehouse FOREIGN DATA WRAPPER postgres_fdw OPTIONS (
    dbname 'warehouse',
    host 'warehouse.example.com'
);
ALTER SERVER warehouse OWNER TO ledger_owner;
CREATE USER MAPPING FOR app SERVER warehouse OPTIONS (
    password 'canary-password-warehouse',
    "user" 'acme'
);
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE books.entries (
    id bigint NOT NULL,
    amount numeric
);
ALTER TABLE books.entries OWNER TO ledger_owner;
CREATE SEQUENCE books.entry_numbers
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER TABLE books.entry_numbers OWNER TO ledger_owner;
ALTER TABLE ONLY books.entries
    ADD CONSTRAINT entries_pkey PRIMARY KEY (id);
CREATE PUBLICATION heartbeat WITH (publish = 'insert, update, delete, truncate');
ALTER PUBLICATION heartbeat OWNER TO postgres;
REVOKE CONNECT,TEMPORARY ON DATABASE ledger FROM PUBLIC;
GRANT ALL ON DATABASE ledger TO deploy WITH GRANT OPTION;
GRANT ALL ON FUNCTION books.balance() TO deploy;
GRANT ALL ON PROCEDURE books.close_year() TO deploy;
GRANT ALL ON FOREIGN DATA WRAPPER postgres_fdw TO deploy;
GRANT ALL ON FOREIGN SERVER warehouse TO app;
GRANT SELECT,REFERENCES ON TABLE books.entries TO probe WITH GRANT OPTION;
GRANT ALL ON SEQUENCE books.entry_numbers TO batch;
ALTER DEFAULT PRIVILEGES FOR ROLE ledger_owner GRANT ALL ON TYPES  TO writers WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES FOR ROLE ledger_owner GRANT ALL ON SCHEMAS  TO writers;
\connect postgres
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE DATABASE shop WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = libc LOCALE = 'C';
ALTER DATABASE shop OWNER TO shop_owner;
\connect shop
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
ALTER DATABASE shop CONNECTION LIMIT = 50;
\connect shop
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE SCHEMA audit;
ALTER SCHEMA audit OWNER TO shop_owner;
ALTER SCHEMA public OWNER TO shop_owner;
CREATE SCHEMA sales;
ALTER SCHEMA sales OWNER TO shop_owner;
CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA public;
CREATE TYPE sales.status AS ENUM (
    'open',
    'paid'
);
ALTER TYPE sales.status OWNER TO shop_owner;
CREATE FUNCTION audit.purge(days integer) RETURNS integer
    LANGUAGE sql SECURITY DEFINER
    AS $$SELECT days$$;
ALTER FUNCTION audit.purge(days integer) OWNER TO postgres;
CREATE PROCEDURE sales.close_day()
    LANGUAGE sql
    AS $$SELECT$$;
ALTER PROCEDURE sales.close_day() OWNER TO shop_owner;
CREATE FUNCTION sales.greeting() RETURNS text
    LANGUAGE sql
    AS $$SELECT 'hello'::text$$;
ALTER FUNCTION sales.greeting() OWNER TO postgres;
CREATE FUNCTION sales.total(bigint) RETURNS numeric
    LANGUAGE sql
    AS $$SELECT 0::numeric$$;
ALTER FUNCTION sales.total(bigint) OWNER TO shop_owner;
CREATE FUNCTION sales.total(bigint, text) RETURNS numeric
    LANGUAGE sql
    AS $$SELECT 0::numeric$$;
ALTER FUNCTION sales.total(bigint, text) OWNER TO shop_owner;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE audit.events (
    at timestamp with time zone,
    what text
);
ALTER TABLE audit.events OWNER TO shop_owner;
CREATE TABLE sales.customers (
    id bigint NOT NULL,
    name text,
    email text,
    card text
);
ALTER TABLE sales.customers OWNER TO shop_owner;
CREATE SEQUENCE sales.order_numbers
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER TABLE sales.order_numbers OWNER TO shop_owner;
CREATE TABLE sales.orders (
    id bigint DEFAULT nextval('sales.order_numbers'::regclass) NOT NULL,
    status sales.status
);
ALTER TABLE sales.orders OWNER TO shop_owner;
CREATE VIEW sales.open_orders AS
 SELECT orders.id
   FROM sales.orders
  WHERE (orders.status = 'open'::sales.status);
ALTER TABLE sales.open_orders OWNER TO shop_owner;
CREATE TABLE sales.order_lines (
    order_id bigint,
    sku text
);
ALTER TABLE sales.order_lines OWNER TO shop_owner;
CREATE TABLE sales.prices (
    sku text,
    price numeric
);
ALTER TABLE sales.prices OWNER TO shop_owner;
ALTER TABLE ONLY sales.customers
    ADD CONSTRAINT customers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY sales.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);
CREATE PUBLICATION orders WITH (publish = 'insert, update');
ALTER PUBLICATION orders OWNER TO dba;
ALTER PUBLICATION orders ADD TABLE ONLY sales.orders;
CREATE SUBSCRIPTION heartbeat CONNECTION 'host=127.0.0.1 port=41987 user=postgres password=canary-password-recorded dbname=ledger' PUBLICATION heartbeat WITH (connect = false, slot_name = 'heartbeat');
ALTER SUBSCRIPTION heartbeat OWNER TO postgres;
REVOKE CONNECT,TEMPORARY ON DATABASE shop FROM PUBLIC;
GRANT CONNECT ON DATABASE shop TO readers;
GRANT CONNECT,TEMPORARY ON DATABASE shop TO app;
GRANT CREATE ON SCHEMA audit TO breakglass;
GRANT USAGE ON SCHEMA audit TO breakglass WITH GRANT OPTION;
GRANT USAGE ON SCHEMA audit TO readers;
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA sales TO writers;
GRANT ALL ON SCHEMA sales TO deploy WITH GRANT OPTION;
GRANT USAGE ON SCHEMA sales TO readers;
GRANT USAGE ON SCHEMA sales TO app;
REVOKE ALL ON FUNCTION audit.purge(days integer) FROM PUBLIC;
GRANT ALL ON FUNCTION audit.purge(days integer) TO batch;
GRANT ALL ON PROCEDURE sales.close_day() TO batch;
GRANT ALL ON TABLE audit.events TO breakglass;
GRANT SELECT ON TABLE sales.customers TO readers;
GRANT SELECT(id) ON TABLE sales.customers TO probe;
GRANT UPDATE(name) ON TABLE sales.customers TO app;
GRANT SELECT(name) ON TABLE sales.customers TO probe;
GRANT UPDATE(email) ON TABLE sales.customers TO app;
GRANT SELECT,USAGE ON SEQUENCE sales.order_numbers TO app;
GRANT SELECT ON TABLE sales.orders TO readers;
GRANT SELECT,INSERT,UPDATE ON TABLE sales.orders TO app;
GRANT SELECT ON TABLE sales.open_orders TO readers;
GRANT SELECT ON TABLE sales.order_lines TO readers;
GRANT SELECT,INSERT,UPDATE ON TABLE sales.order_lines TO app;
GRANT SELECT ON TABLE sales.prices TO readers;
GRANT SELECT ON TABLE sales.prices TO PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner IN SCHEMA sales GRANT SELECT,USAGE ON SEQUENCES  TO app;
ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner IN SCHEMA sales GRANT ALL ON FUNCTIONS  TO app;
ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner IN SCHEMA sales GRANT SELECT ON TABLES  TO readers;
ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner REVOKE ALL ON FUNCTIONS  FROM PUBLIC;
\connect postgres
INSERT INTO pg_catalog.pg_shseclabel SELECT oid, 'pg_catalog.pg_authid'::regclass, 'acme', 'trusted' FROM pg_catalog.pg_authid WHERE rolname = 'app';
CREATE DATABASE blank OWNER postgres TEMPLATE template0 ALLOW_CONNECTIONS false IS_TEMPLATE true;
SELECT pg_create_physical_replication_slot('standby');
\connect ledger
SELECT pg_create_logical_replication_slot('heartbeat', 'pgoutput');
