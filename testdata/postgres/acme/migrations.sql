-- What the programs' own migrations make in the schemas of Terraform, before anything is granted on it.
\connect shop
SET ROLE shop_owner;
CREATE TYPE sales.status AS ENUM ('open', 'paid');
CREATE SEQUENCE sales.order_numbers;
CREATE TABLE sales.orders (id bigint PRIMARY KEY DEFAULT nextval('sales.order_numbers'), status sales.status);
CREATE TABLE sales.order_lines (order_id bigint, sku text);
CREATE TABLE sales.customers (id bigint PRIMARY KEY, name text, email text, card text);
CREATE TABLE sales.prices (sku text, price numeric);
CREATE VIEW sales.open_orders AS SELECT id FROM sales.orders WHERE status = 'open';
CREATE FUNCTION sales.total(bigint) RETURNS numeric LANGUAGE sql AS 'SELECT 0::numeric';
CREATE FUNCTION sales.total(bigint, text) RETURNS numeric LANGUAGE sql AS 'SELECT 0::numeric';
CREATE PROCEDURE sales.close_day() LANGUAGE sql AS 'SELECT';
CREATE TABLE audit.events (at timestamptz, what text);
\connect ledger
SET ROLE ledger_owner;
CREATE SEQUENCE books.entry_numbers;
CREATE TABLE books.entries (id bigint PRIMARY KEY, amount numeric);
CREATE FUNCTION books.balance() RETURNS numeric LANGUAGE sql AS 'SELECT 0::numeric';
CREATE PROCEDURE books.close_year() LANGUAGE sql AS 'SELECT';
